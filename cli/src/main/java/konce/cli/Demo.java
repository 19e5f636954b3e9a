package konce.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import konce.cli.files.FileClient;
import konce.names.KonceAddress;
import konce.node.Node;
import konce.protocol.SendOptions;
import konce.protocol.Target;

/// A server and a client in one process, and what they do with each other.
final class Demo implements AutoCloseable {
    /// Expected hashes: well below a second of work on any machine, and enough to be seen.
    private static final long EFFORT = 1 << 16;

    private static final int FILE_BYTES = (3 << 20) + 413;
    private static final long FILE_SEED = 413;
    private static final int SOCKET_MILLIS_MAX = 10_000;
    private static final String PAGE = "<!doctype html><title>Konce</title><p>A web page that came through Konce.\n";
    private static final String TEXT = "hello through Konce";

    /// One part of the demo.
    ///
    /// @param name a word for it
    /// @param problem what went wrong; empty: all was right
    /// @param milliseconds it took
    record Part(String name, String problem, double milliseconds) {
        boolean isRight() {
            return problem.isEmpty();
        }
    }

    /// Does one part; returns a sentence about it.
    @FunctionalInterface
    private interface Action {
        String run() throws IOException;
    }

    private final Consumer<String> say;
    private final long startNanos = System.nanoTime();
    private final List<Part> parts = new ArrayList<>();
    private final HandshakeTrace trace = new HandshakeTrace();
    private final Path directory;
    private final Node server;
    private final ServerDesk desk;
    private final Node client;
    private KonceAddress found;

    /// @param say told what happens, line by line
    Demo(Consumer<String> say) throws IOException {
        this.say = say;
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        directory = Files.createTempDirectory("konce-demo");
        server = Node.builder().server(true).listen(loopback).effort(EFFORT).open();
        desk = new ServerDesk(server);
        client = Node.builder().listen(loopback).trace(trace).open();
        found = new KonceAddress(server.publicKey(), server.target().addresses());
    }

    /// Runs every part, also those after one that failed.
    List<Part> run() {
        at("a server opens its door on " + server.localAddress() + " (" + server.transportName() + ")");
        at("its address: " + found);
        at("it asks everybody for a puzzle of " + EFFORT + " expected hashes before it does any work itself");
        part("name", this::name);
        part("message", this::message);
        part("file", this::file);
        part("website", this::website);
        return parts;
    }

    private void part(String name, Action action) {
        long start = System.nanoTime();
        String problem = "";
        try {
            at(action.run());
        } catch (IOException | RuntimeException e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
            at(name + " FAILED: " + problem);
        }
        parts.add(new Part(name, problem, (System.nanoTime() - start) / 1e6));
    }

    private void at(String what) {
        say.accept(String.format(Locale.ROOT, "%8.1f ms  %s", (System.nanoTime() - startNanos) / 1e6, what));
    }

    private String name() throws IOException {
        try (Node asking = Node.builder().anonymous(true).open();
                DemoLedger ledger =
                        new DemoLedger(Files.createDirectory(directory.resolve("ledger")), asking, this::at)) {
            at("a registry of names opens on " + ledger.address().addresses().getFirst() + ", and four witnesses");
            ledger.register(found);
            KonceAddress resolved = ledger.resolve();
            require(resolved.equals(found), "the name leads to " + resolved);
            found = resolved;
            return "the name " + DemoLedger.name() + " gives the server's key and its address at the same moment";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The server as the name gave it.
    private Target.Peer target() {
        return new Target.Peer(found.key(), found.addresses(), null, null);
    }

    private String message() throws IOException {
        desk.texts(message -> at("the server reads: " + Terminal.harmless(message.text())), true);
        at("a client sends \"" + TEXT + "\"; no channel is there yet, so one is made");
        String reply = client.request(
                        target(), WellKnown.TEXT, TEXT.getBytes(StandardCharsets.UTF_8), SendOptions.REQUEST)
                .text();
        List<String> timeline = trace.timeline();
        timeline.forEach(line -> say.accept("             " + line));
        require(reply.equals(TEXT), "the answer was '" + Terminal.harmless(reply) + "'");
        require(!timeline.isEmpty(), "the handshake left no trace");
        return "the answer is back: \"" + reply + "\" - the message went with the handshake's third packet";
    }

    private String file() throws IOException {
        Path shared = Files.createDirectory(directory.resolve("shared"));
        byte[] content = new byte[FILE_BYTES];
        new Random(FILE_SEED).nextBytes(content);
        Files.write(shared.resolve("film.bin"), content);
        desk.files(shared, false);
        at("the server shares a directory; the client copies film.bin, " + ProgressBar.bytes(FILE_BYTES));
        long start = System.nanoTime();
        FileClient files = new FileClient(
                (request, _) -> client.request(target(), WellKnown.FILES, request, SendOptions.REQUEST)
                        .bytes(),
                (_, _, _) -> {});
        Path copy = directory.resolve("copy.bin");
        files.download("film.bin", copy, false);
        double seconds = (System.nanoTime() - start) / 1e9;
        require(Arrays.equals(content, Files.readAllBytes(copy)), "the copy differs");
        return "the copy is the same, compared by hash and byte by byte ("
                + ProgressBar.bytes((long) (FILE_BYTES / seconds)) + "/s)";
    }

    private String website() throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer website = HttpServer.create(loopback, 0);
        website.createContext("/", exchange -> {
            byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        website.start();
        try {
            desk.forward(website.getAddress());
            at("behind the server runs an old web site on TCP port "
                    + website.getAddress().getPort());
            try (TcpEntrance entrance = new TcpEntrance(
                    loopback,
                    () -> client.openStream(target(), WellKnown.STREAMS, SendOptions.REQUEST),
                    line -> at(Terminal.harmless(line)))) {
                at("the client opens TCP port " + entrance.address().getPort() + " as an entrance to it");
                String answer = fetch(entrance.address());
                require(answer.startsWith("HTTP/1.1 200") && answer.endsWith(PAGE), "the page was not the page");
                return "the page came through Konce, unchanged";
            }
        } finally {
            website.stop(0);
        }
    }

    private static String fetch(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, SOCKET_MILLIS_MAX);
            socket.setSoTimeout(SOCKET_MILLIS_MAX);
            String request = "GET / HTTP/1.1\r\nHost: konce.demo\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void require(boolean truth, String otherwise) throws IOException {
        if (!truth) {
            throw new IOException(otherwise);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        desk.close();
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
