package konce.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import konce.names.KeyText;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessSignature;
import konce.names.encoding.Decoded;
import konce.names.encoding.Key;
import konce.names.ledger.Block;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import org.jspecify.annotations.Nullable;

/// The ledger as pages for a browser on this machine: names, blocks, checkpoints and who witnessed them.
///
/// It listens on the loopback interface, answers GET alone and only where the request was meant for this machine: a
/// web page elsewhere whose name was made to point here gets nothing. The pages hold no script.
///
/// - threads: its own
final class Explorer implements AutoCloseable {
    /// Blocks on the first page.
    private static final int BLOCKS_SHOWN = 20;

    private static final int NAMES_SHOWN = 50;
    private static final int HISTORY_SHOWN = 100;
    private static final int TEXT_CHARS_MAX = 127;
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;

    private final Registry registry;
    private final Bindings bindings;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param port of the loopback interface; 0 for any
    Explorer(Registry registry, Bindings bindings, int port) throws IOException {
        this.registry = registry;
        this.bindings = bindings;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /// Where it listens.
    InetSocketAddress address() {
        return server.getAddress();
    }

    private record Answer(int status, String html) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            byte[] bytes = answer.html.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.getResponseHeaders()
                    .set(
                            "Content-Security-Policy",
                            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.sendResponseHeaders(answer.status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (!isForUs(exchange.getRequestHeaders().getFirst("Host"))) {
            return problem(FORBIDDEN, "this was meant for another machine");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return problem(NOT_ALLOWED, "these pages are only to be looked at");
        }
        String path = exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery();
        if (path.equals("/")) {
            return new Answer(OK, front());
        }
        if (path.startsWith("/block/")) {
            return block(path.substring("/block/".length()));
        }
        if (path.equals("/name") && query != null && query.startsWith("q=")) {
            return lookUp(query.substring("q=".length()));
        }
        return path.startsWith("/name/") ? name(path.substring("/name/".length())) : problem(NOT_FOUND, "no such page");
    }

    private boolean isForUs(@Nullable String host) {
        int port = address().getPort();
        return host != null
                && List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port)
                        .contains(host);
    }

    private static Answer problem(int status, String words) {
        return new Answer(status, new Page("Not here").news(false, words).back().toString());
    }

    private Answer lookUp(String raw) throws IOException {
        try {
            return name(URLDecoder.decode(raw, StandardCharsets.UTF_8).strip());
        } catch (IllegalArgumentException e) {
            return problem(BAD_REQUEST, "these bytes are no text");
        }
    }

    private String front() throws IOException {
        Ledger ledger = registry.chain().ledger();
        Page page = new Page("The ledger '" + ledger.genesis().title() + "'");
        page.tag("p", "Number " + ledger.genesisId()).search("");
        page.tag(
                "p",
                registry.chain().index().size() + " names, " + ledger.head().height() + " blocks, "
                        + ledger.totals().accounts() + " accounts; " + registry.waiting() + " transactions wait.");
        checkpoint(page);
        page.tag("h2", "Blocks").table("Block", "Time", "Transactions", "Hash");
        for (long height = ledger.head().height();
                height > 0 && height > ledger.head().height() - BLOCKS_SHOWN;
                height--) {
            Block block = read(height);
            if (block != null) {
                page.row(
                        Page.link("/block/" + height, Long.toString(height)),
                        time(block.header().timeSeconds()),
                        Integer.toString(block.transactions().size()),
                        Page.code(block.header().hash()));
            }
        }
        page.end().tag("h2", "Names").table("Name", "Rent paid until");
        for (Name name : registry.chain().index().search("", "", NAMES_SHOWN)) {
            NameRecord record = ledger.name(name);
            page.row(Page.link("/name/" + name, name.text()), record == null ? "" : time(record.expiresSeconds()));
        }
        return page.end().toString();
    }

    private void checkpoint(Page page) {
        Countersigning.Signed signed = registry.signed();
        page.tag("h2", "Newest signed checkpoint");
        if (signed == null) {
            page.news(false, "No quorum of witnesses has signed anything since this registry was started.");
            return;
        }
        SignedCheckpoint checkpoint = signed.checkpoint();
        List<Key> witnesses = registry.chain().ledger().genesis().witnesses().witnesses();
        page.news(
                true,
                "Block " + checkpoint.checkpoint().height() + ", signed by "
                        + checkpoint.signatures().size() + " of " + witnesses.size() + " witnesses.");
        page.table("What", "Hash");
        page.row("State", Page.code(checkpoint.checkpoint().stateRoot()));
        page.row("History", Page.code(checkpoint.checkpoint().historyRoot())).end();
        page.table("Witness", "Key", "Signed at");
        for (int i = 0; i < witnesses.size(); i++) {
            int number = i;
            String when = checkpoint.signatures().stream()
                    .filter(each -> each.witness() == number)
                    .map(WitnessSignature::timeSeconds)
                    .map(Explorer::time)
                    .findFirst()
                    .orElse("not this one");
            page.row(Integer.toString(i), Page.code(KeyText.of(witnesses.get(i))), when);
        }
        page.end();
    }

    private Answer block(String text) throws IOException {
        boolean isNumber = !text.isEmpty() && text.length() < 19 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        Block block = isNumber ? read(Long.parseLong(text)) : null;
        if (block == null) {
            return problem(NOT_FOUND, "there is no block " + shortened(text));
        }
        Block.Header header = block.header();
        Page page = new Page("Block " + header.height());
        page.table("What", "Value");
        page.row("Time", time(header.timeSeconds()));
        page.row("Hash", Page.code(header.hash()));
        page.row(
                "Before it",
                header.height() > 1
                        ? Page.link("/block/" + (header.height() - 1), Long.toString(header.height() - 1))
                        : "the genesis");
        page.row("State", Page.code(header.stateRoot()));
        page.row("Transactions", Page.code(header.transactionsRoot())).end();
        page.tag("h2", "Transactions").table("Account", "Fee in grains", "What");
        for (SignedTransaction each : block.transactions()) {
            page.row(
                    Page.code(KeyText.of(each.order().account())),
                    Long.toString(each.order().feeGrains()),
                    words(each.transaction()));
        }
        return new Answer(OK, page.end().back().toString());
    }

    private Answer name(String text) throws IOException {
        Name name = Name.parse(text);
        if (name == null) {
            return problem(NOT_FOUND, "'" + shortened(text) + "' is no name");
        }
        Ledger ledger = registry.chain().ledger();
        NameRecord record = ledger.name(name);
        Page page = new Page(name.text());
        page.search(name.text());
        if (record == null) {
            return new Answer(
                    NOT_FOUND, page.news(true, "Nobody has this name.").back().toString());
        }
        NameRecord.Status status =
                record.status(ledger.head().timeSeconds(), ledger.genesis().parameters());
        page.news(status == NameRecord.Status.ACTIVE, "Status: " + status);
        page.table("What", "Value");
        page.row("Master key", Page.code(KeyText.of(record.master())));
        Key recovery = record.recovery();
        page.row("Recovery key", recovery == null ? "none" : Page.code(KeyText.of(recovery)));
        page.row("Owner", "number " + record.owner() + ", since " + time(record.sinceSeconds()));
        page.row("Rent paid until", time(record.expiresSeconds()));
        ServerBinding binding = bindings.of(name);
        page.row(
                "Server",
                binding == null ? "none published" : Page.code(binding.terms().server()));
        if (binding != null) {
            page.row("At", Page.escaped(binding.terms().addresses().toString()));
            page.row("Good until", time(binding.terms().untilSeconds()));
        }
        page.end().tag("h2", "History").table("Block", "Time", "What");
        for (NameIndex.Place place : registry.chain().index().history(name, 0, HISTORY_SHOWN)) {
            Block block = read(place.height());
            if (block != null) {
                page.row(
                        Page.link("/block/" + place.height(), Long.toString(place.height())),
                        time(block.header().timeSeconds()),
                        words(block.transactions().get(place.index()).transaction()));
            }
        }
        return new Answer(OK, page.end().back().toString());
    }

    private static String shortened(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "...";
    }

    /// The kind of a transaction, and the name it is about.
    private static String words(Transaction transaction) {
        Name name = NameIndex.nameOf(transaction);
        return Page.escaped(transaction.getClass().getSimpleName())
                + (name == null ? "" : " " + Page.link("/name/" + name, name.text()));
    }

    private static String time(long seconds) {
        return Instant.ofEpochSecond(seconds).toString();
    }

    private @Nullable Block read(long height) throws IOException {
        byte[] bytes = registry.chain().block(height);
        return bytes != null && Block.decode(bytes) instanceof Decoded.Value<Block>(Block block) ? block : null;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
