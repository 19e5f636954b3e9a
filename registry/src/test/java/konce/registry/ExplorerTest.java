package konce.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Name;
import konce.names.ledger.Transaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The pages as a browser gets them, over a socket.
class ExplorerTest {
    private static final int MILLIS_MAX = 10_000;

    @TempDir
    Path directory;

    private final World world = new World(1);
    private long nowSeconds = World.BEGIN;
    private Chain chain;
    private Registry registry;
    private Bindings bindings;
    private Explorer explorer;

    @BeforeEach
    void start() throws Exception {
        Path own = Files.createDirectory(directory.resolve("ledger"));
        Chain.create(own, world.genesis);
        chain = Chain.open(own, world.genesis, _ -> {});
        registry = new Registry(
                chain,
                SignedStore.open(own, world.witnessKeys()),
                world.witnessKeys(),
                new Registry.Proposer(world.sequencers.getFirst(), 0),
                () -> nowSeconds);
        registry.start(new EmbeddedSequencer(registry));
        bindings = Bindings.open(own, world.genesis, registry, _ -> {});
        explorer = new Explorer(registry, bindings, 0);
        Key id = World.id(world.accounts.getFirst());
        Name shop = new Name("shop");
        registry.submit(world.signed(
                        0, 0, World.FEE, new Transaction.Commit(Transaction.commitment(id, shop, Hash.ZERO))))
                .get();
        nowSeconds += 2;
        registry.submit(world.signed(0, 1, World.FEE, new Transaction.Reveal(shop, Hash.ZERO, id, null, 1)))
                .get();
    }

    @AfterEach
    void stop() throws IOException {
        explorer.close();
        bindings.close();
        registry.close();
        chain.close();
        world.close();
    }

    private String ask(String method, String path, String host) throws IOException {
        try (Socket socket =
                new Socket(explorer.address().getAddress(), explorer.address().getPort())) {
            socket.setSoTimeout(MILLIS_MAX);
            String request = method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String get(String path) throws IOException {
        return ask("GET", path, "127.0.0.1:" + explorer.address().getPort());
    }

    /// Goal: names, blocks, a name's history and the checkpoint are there, and lead to one another.
    @Test
    void showsTheLedger() throws Exception {
        String front = get("/");
        assertTrue(front.startsWith("HTTP/1.1 200"), front);
        assertTrue(front.contains("/name/shop") && front.contains("/block/2") && front.contains("No quorum"), front);
        assertTrue(get("/block/2").contains("Reveal <a href=\"/name/shop\""));
        assertTrue(get("/name/shop").contains("Status: ACTIVE"));
        assertTrue(get("/name?q=shop").contains("Commit") || get("/name?q=shop").contains("Reveal"));
        assertTrue(get("/name/nobody").startsWith("HTTP/1.1 404"));
        for (String none : new String[] {"/block/0", "/block/3", "/block/-1", "/block/", "/block/1e9", "/x", "/name"}) {
            assertTrue(get(none).startsWith("HTTP/1.1 404"), none);
        }
    }

    /// Goal: what a stranger writes is shown, never obeyed, and pages hold no script.
    @Test
    void strangersWordsAreEscaped() throws IOException {
        String page = get("/name?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%27");
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"), page);
        assertFalse(page.contains("<script"), page);
        assertTrue(page.contains("Content-security-policy: default-src 'none'"), page);
        assertTrue(get("/name?q=%zz").startsWith("HTTP/1.1 400"));
        assertTrue(get("/name?q=" + "x".repeat(2_000)).length() < 4_000);
        assertFalse(get("/").contains("<script"));
    }

    /// Goal: it is for browsers on this machine, and only to be looked at. A page elsewhere whose name points here
    /// has
    /// another Host.
    @Test
    void forThisMachineOnly() throws IOException {
        assertTrue(explorer.address().getAddress().isLoopbackAddress());
        int port = explorer.address().getPort();
        assertTrue(ask("GET", "/", "localhost:" + port).startsWith("HTTP/1.1 200"));
        for (String host :
                new String[] {"evil.example", "evil.example:" + port, "127.0.0.1", "127.0.0.1.evil:" + port}) {
            assertTrue(ask("GET", "/", host).startsWith("HTTP/1.1 403"), host);
        }
        assertTrue(ask("POST", "/", "127.0.0.1:" + port).startsWith("HTTP/1.1 405"));
        assertEquals(-1, ask("GET", "/", "evil.example").indexOf("shop"));
    }
}
