package konce.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two commands, two homes, real sockets on the loopback interface.
class PeersTalkTest {
    private static final String ANY_PORT = "127.0.0.1:0";

    @TempDir
    Path directory;

    private Path shared;
    private CommandRun client;

    @BeforeEach
    void start() throws IOException {
        shared = Files.createDirectory(directory.resolve("shared"));
        client = new CommandRun(directory.resolve("client"));
        ok("id", "new", "--no-passphrase");
    }

    private RunningServer serve(String... more) {
        List<String> args = new ArrayList<>(List.of("serve", "--listen", ANY_PORT, "--json", "--no-passphrase"));
        args.addAll(List.of(more));
        return new RunningServer(directory.resolve("server"), args.toArray(new String[0]));
    }

    private CommandRun.Result ok(String... args) {
        CommandRun.Result result = client.run(args);
        assertEquals(Main.EXIT_OK, result.status(), CommandRun.shown(args, result));
        return result;
    }

    private String fails(int status, String... args) {
        CommandRun.Result result = client.run(args);
        assertEquals(status, result.status(), CommandRun.shown(args, result));
        assertEquals(1, result.err().lines().count(), CommandRun.shown(args, result));
        return result.err();
    }

    /// Goal: a text is answered, shown at the server, and delivered one way; by address and by petname; from an
    /// argument,
    /// a file and standard input.
    @Test
    void textsAreAnswered() throws Exception {
        try (RunningServer server = serve("--echo", "--effort", "100")) {
            String address = server.member("address");
            assertEquals("hello\n", ok("send", address, "hello").out());
            ok("peers", "add", "me", address);
            assertEquals("hello again\n", ok("send", "me", "hello again").out());
            Path file = Files.writeString(directory.resolve("text"), "from a file");
            assertEquals("from a file\n", ok("send", "me", "@" + file).out());
            client.input = "from a pipe\n";
            assertEquals("from a pipe\n", ok("send", "me", "-").out());
            CommandRun.Result oneWay = ok("send", "me", "one way", "--one-way");
            assertEquals("", oneWay.out());
            assertTrue(oneWay.err().contains("delivered"), oneWay.err());
            assertEquals("unnamed\n", ok("send", "me", "unnamed", "--anonymous").out());
            assertTrue(server.said().contains("] hello again") && server.said().contains("[anonymous] unnamed"));
            assertEquals(1, server.printed().lines().count(), "with --json, one line and no more");
            assertTrue(ok("send", "me", "x", "--json").out().contains("\"reply\":\"x\""));
        }
    }

    /// Goal: the session protocols allowed and offered, and the wait for post-quantum keys, are the operator's;
    /// what the
    /// two sides cannot agree on fails in words.
    @Test
    void protectionIsChosen() throws Exception {
        try (RunningServer server = serve("--echo", "--session", "padded,xchacha", "--pq", "require")) {
            String address = server.member("address");
            assertEquals(
                    "safe\n", ok("send", address, "safe", "--pq", "require").out());
            assertEquals(
                    "padded\n",
                    ok("send", address, "padded", "--session", "padded").out());
            String refused = fails(Main.EXIT_FAILED, "send", address, "x", "--session", "aegis");
            assertTrue(refused.contains("session"), refused);
            refused = fails(Main.EXIT_MISTAKE, "send", address, "x", "--session", "xchacha,xchacha");
            assertTrue(refused.contains("twice"), refused);
        }
        try (RunningServer server = serve("--echo", "--pq", "off")) {
            String refused = fails(Main.EXIT_FAILED, "send", server.member("address"), "x", "--pq", "require");
            assertTrue(refused.contains("post-quantum"), refused);
        }
    }

    /// Goal: of several lines the first makes a channel, and the others take one packet each to a peer at rest.
    @Test
    void linesGoToAPeerAtRest() throws Exception {
        try (RunningServer server = serve("--echo", "--presences", "10")) {
            client.input = "one\ntwo\nthree\n";
            List<String> said = ok("send", server.member("address"), "-", "--lines", "--json")
                    .out()
                    .lines()
                    .toList();
            assertEquals(3, said.size());
            assertTrue(said.get(0).contains("\"reply\":\"one\",\"by\":\"channel\""), said.get(0));
            assertTrue(said.get(1).contains("\"reply\":\"two\",\"by\":\"presence\""), said.get(1));
            assertTrue(said.get(2).contains("\"reply\":\"three\",\"by\":\"presence\""), said.get(2));
        }
        assertTrue(fails(Main.EXIT_MISTAKE, "send", "x", "text", "--lines").contains("goes with '-'"));
    }

    /// Goal: both sides write a qlog file where they are asked to, whole once they have ended.
    @Test
    void qlogFilesAreWritten() throws Exception {
        Path logs = directory.resolve("logs");
        try (RunningServer server = serve("--qlog", logs.toString())) {
            ok("send", server.member("address"), "hello", "--qlog", logs.toString());
        }
        try (Stream<Path> files = Files.list(logs)) {
            for (Path file : files.toList()) {
                String text = Files.readString(file);
                assertTrue(text.contains("\"transport:packet_received\""), text);
                assertTrue(text.contains("\"new\":\"closed\""), text);
                assertFalse(text.contains("hello"), "nothing of what messages hold");
            }
        }
        try (Stream<Path> files = Files.list(logs)) {
            assertEquals(2, files.count());
        }
    }

    /// Goal: an operator reads a server's figures by HTTP.
    @Test
    void figuresAreShown() throws Exception {
        try (RunningServer server = serve("--metrics", ANY_PORT)) {
            ok("send", server.member("address"), "hello");
            URLConnection connection =
                    URI.create(server.member("metrics")).toURL().openConnection(Proxy.NO_PROXY);
            String page = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(page.contains("\nkonce_messages_received_total 1.0\n"), page);
        }
    }

    /// Goal: one client shows the same key to a server each time, and never its own.
    // = docs/spec/09-names.md R9.15
    @Test
    void serversSeeAPseudonym() throws Exception {
        try (RunningServer server = serve()) {
            String address = server.member("address");
            ok("send", address, "one");
            ok("send", address, "two");
            List<String> senders = server.said()
                    .lines()
                    .filter(line -> line.startsWith("[konce1"))
                    .map(line -> line.substring(1, line.indexOf(']')))
                    .toList();
            assertEquals(2, senders.size(), server.said());
            assertEquals(senders.get(0), senders.get(1));
            String own = ok("id", "show").out();
            assertFalse(own.contains(senders.get(0).substring(0, 14)), own);
        }
    }

    /// Goal: each way of not getting through has its own words and status.
    @Test
    void failuresSayWhatToDo() throws Exception {
        String stranger = ok("id", "show").out().strip().split("  ")[1];
        String nobody = fails(Main.EXIT_FAILED, "send", stranger + "@127.0.0.1:9", "x", "--connect-timeout", "0.3");
        assertTrue(nobody.contains("nobody answered"), nobody);
        assertTrue(fails(Main.EXIT_MISTAKE, "send", "nobody", "x").contains("no petname 'nobody'"));
        assertTrue(fails(Main.EXIT_MISTAKE, "send", stranger, "x").contains("network address"));
        assertTrue(
                fails(Main.EXIT_MISTAKE, "send", stranger + "@localhost:1", "x").contains("character 66"));
        assertTrue(fails(Main.EXIT_MISTAKE, "send", stranger + "@127.0.0.1:9", "x", "--timeout", "0")
                .contains("--timeout"));
        try (RunningServer server = serve("--require-identity")) {
            String address = server.member("address");
            String unhandled = fails(Main.EXIT_FAILED, "send", address, "x", "--handler", "4711");
            assertTrue(unhandled.contains("handler"), unhandled);
            String port = address.substring(address.lastIndexOf(':') + 1);
            String taken = fails(Main.EXIT_FAILED, "serve", "--listen", "127.0.0.1:" + port);
            assertTrue(taken.contains("another program listens on port " + port), taken);
            ok("send", address, "x");
            fails(Main.EXIT_FAILED, "send", address, "x", "--anonymous", "--connect-timeout", "0.5");
        }
    }

    /// Goal: a ping shows the handshake and its round trips.
    @Test
    void pingsShowTheHandshake() throws Exception {
        try (RunningServer server = serve("--effort", "1000")) {
            String shown = ok("ping", server.member("address"), "--count", "3").out();
            for (String part :
                    List.of("INIT sent", "INIT-ACK received", "puzzle solved", "COOKIE-ACK received", "3 echoed")) {
                assertTrue(shown.contains(part), part + " in " + shown);
            }
            String json = ok("ping", server.member("address"), "--json").out();
            assertTrue(json.contains("\"step\":\"COOKIE_ECHO_SENT\""), json);
            assertEquals(1, json.lines().count());
        }
    }

    /// Goal: files are listed and copied both ways over the wire; a read-only server takes none.
    @Test
    void filesAreCopied() throws Exception {
        byte[] content = new byte[1_000_000];
        new Random(413).nextBytes(content);
        Files.write(shared.resolve("data.bin"), content);
        Path copy = directory.resolve("copy.bin");
        try (RunningServer server = serve("--files", shared.toString(), "--writable")) {
            String address = server.member("address");
            ok("peers", "add", "me", address);
            assertTrue(ok("ls", "me").out().contains("data.bin"));
            assertTrue(ok("copy", address + ":").out().contains("data.bin"));
            ok("copy", "me:data.bin", copy.toString());
            assertArrayEquals(content, Files.readAllBytes(copy));
            assertTrue(fails(Main.EXIT_MISTAKE, "copy", "me:data.bin", copy.toString())
                    .contains("--overwrite"));
            ok("copy", copy.toString(), "me:");
            ok("copy", copy.toString(), address + ":other.bin");
            assertArrayEquals(content, Files.readAllBytes(shared.resolve("copy.bin")));
            assertArrayEquals(content, Files.readAllBytes(shared.resolve("other.bin")));
            assertTrue(ok("ls", address + ":other.bin", "--json").out().contains("\"size\":1000000"));
            assertTrue(fails(Main.EXIT_MISTAKE, "copy", "me:../x", copy + "2").contains(".."));
            assertTrue(fails(Main.EXIT_MISTAKE, "copy", "me:none", copy + "2").contains("there is no none"));
            assertTrue(fails(Main.EXIT_MISTAKE, "copy", "a", "b").contains("one of the two"));
        }
        try (RunningServer server = serve("--files", shared.toString())) {
            String refused = fails(Main.EXIT_FAILED, "copy", copy.toString(), server.member("address") + ":third.bin");
            assertTrue(refused.contains("--writable"), refused);
        }
    }

    /// Goal: bytes of an old TCP program go through and come back, both ends are told when one has finished.
    @Test
    void tcpProgramsAreJoined() throws Exception {
        try (ServerSocket old = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> shout(old));
            try (RunningServer server = serve("--forward", "127.0.0.1:" + old.getLocalPort());
                    RunningServer connect = new RunningServer(
                            directory.resolve("client"), "connect", server.member("address"), "--json")) {
                String listen = connect.member("listen");
                int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
                for (String text : List.of("one", "two", "x".repeat(300_000))) {
                    assertEquals(text.toUpperCase(Locale.ROOT), exchange(port, text));
                }
            }
        }
    }

    /// An old service: takes all there is, and gives it back louder.
    private static void shout(ServerSocket service) {
        try {
            while (true) {
                try (Socket socket = service.accept()) {
                    String text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                    socket.getOutputStream().write(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            assertTrue(service.isClosed(), "the service ends only when it is closed: " + e);
        }
    }

    private static String exchange(int port, String text) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /// Goal: a running node is shown with its peers, to people and to scripts, and no longer when it has ended.
    @Test
    void runningNodesAreShown() throws Exception {
        Path home = directory.resolve("server");
        CommandRun owner = new CommandRun(home);
        try (RunningServer server = serve("--echo")) {
            String key = server.member("address").replaceFirst("@.*", "");
            String shown = owner.run("show").out();
            assertTrue(shown.contains("node: " + key) && shown.contains("serve, process "), shown);
            String json = owner.run("show", "--json").out();
            assertTrue(json.startsWith("{\"key\":\"" + key + "\""), json);
        }
        CommandRun.Result ended = owner.run("show");
        assertEquals("", ended.out());
        assertTrue(ended.err().contains("No node of yours is running"), ended.err());
    }

    /// Goal: texts and files come whole through a network that loses, doubles, damages and reorders.
    @Test
    void badNetworksOnlyCostTime() throws Exception {
        byte[] content = new byte[300_000];
        new Random(413).nextBytes(content);
        Files.write(shared.resolve("data.bin"), content);
        try (RunningServer server = serve("--echo", "--files", shared.toString());
                RunningServer relay = new RunningServer(
                        directory.resolve("client"),
                        "relay",
                        server.member("address"),
                        "--json",
                        "--loss",
                        "3",
                        "--duplicate",
                        "3",
                        "--corrupt",
                        "3",
                        "--reorder",
                        "3")) {
            String address = relay.member("address");
            assertEquals("hello\n", ok("send", address, "hello").out());
            Path copy = directory.resolve("copy.bin");
            ok("copy", address + ":data.bin", copy.toString());
            assertArrayEquals(content, Files.readAllBytes(copy));
            assertTrue(
                    fails(Main.EXIT_MISTAKE, "relay", address, "--loss", "101").contains("--loss"));
        }
    }

    /// Goal: a recorded exchange is told in words: without keys what all may see, with the server's key log every
    /// packet.
    @Test
    void recordedPacketsAreDissected() throws Exception {
        Path pcap = directory.resolve("konce.pcap");
        Path keyLog = directory.resolve("keys");
        try (RunningServer server = serve("--echo", "--keylog", keyLog.toString())) {
            String address = server.member("address");
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            try (RecordingRelay relay = new RecordingRelay(port)) {
                ok("send", address.replace(":" + port, ":" + relay.port()), "attack at dawn");
                relay.write(pcap);
            }
        }
        String open = ok("dissect", pcap.toString()).out();
        for (String packet : List.of("INIT", "INIT-ACK", "COOKIE-ECHO", "COOKIE-ACK")) {
            assertTrue(open.contains(packet), packet + " in " + open);
        }
        assertFalse(open.contains("attack"), open);
        String told =
                ok("dissect", "--keylog", keyLog.toString(), pcap.toString()).out();
        assertTrue(told.contains("attack at dawn"), told);
        String json = ok("dissect", "--keylog", keyLog.toString(), "--json", pcap.toString())
                .out();
        assertTrue(json.startsWith("{\"packet\":1,\"bytes\":256,"), json);
        assertTrue(fails(Main.EXIT_MISTAKE, "dissect", "nope").contains("hexadecimal"));
        assertTrue(ok("dissect", "01 02:03").out().contains("malformed"));
        Path broken = Files.writeString(directory.resolve("broken"), "CLIENT 00\n");
        assertTrue(fails(Main.EXIT_MISTAKE, "dissect", "--keylog", broken.toString(), "00")
                .contains("line 1"));
    }

    /// Goal: the demo is right in every part, for people, scripts and checks.
    @Test
    void theDemoIsRight() {
        String demo = ok("demo").out();
        assertTrue(demo.contains("the page came through Konce"), demo);
        assertTrue(demo.contains("the name demo-shop gives the server's key"), demo);
        assertEquals(
                4,
                ok("demo", "--check")
                        .out()
                        .lines()
                        .filter(line -> line.startsWith("right"))
                        .count());
        assertTrue(ok("demo", "--json").out().startsWith("{\"right\":true,"));
    }

    /// Goal: a simulation is the same again for the same seed, and scenarios that are not there are a mistake.
    @Test
    void simulationsRepeat() {
        String once = ok("simulate", "--scenario", "H", "--seed", "7").out();
        assertTrue(once.contains("passed"), once);
        assertEquals(
                once.lines().findFirst(),
                ok("simulate", "--scenario", "H", "--seed", "7").out().lines().findFirst());
        assertTrue(ok("simulate", "--list").out().contains("handshake"));
        assertTrue(fails(Main.EXIT_MISTAKE, "simulate", "--scenario", "nope").contains("no scenario"));
        assertTrue(fails(Main.EXIT_MISTAKE, "simulate", "--trace").contains("--trace goes with"));
    }
}
