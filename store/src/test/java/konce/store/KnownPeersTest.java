package konce.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.node.Node;
import konce.node.PeerDatabase;
import konce.node.PeerDatabase.Known;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Goal: who is known, when and how often, and who is active, is on disk, in SQLite as in PostgreSQL. Method: the same
/// story in both; and a node that keeps its peers there.
@Timeout(120)
final class KnownPeersTest {
    private static final long SECONDS_MAX = 60;
    private static final String USER = "postgres";

    private final SeededRandom random = new SeededRandom(13);
    private long nowMillis = 1_000;

    @TempDir
    private Path folder;

    private PublicKey peer() {
        try (Vault vault = Vault.open(4_096);
                SecretKey key = SecretKey.generate(vault, random)) {
            return key.publicKey();
        }
    }

    private SqlPeerRecords open(String url) {
        return SqlPeerRecords.open(url, () -> Instant.ofEpochMilli(nowMillis));
    }

    private void story(String url) {
        PublicKey alice = peer();
        PublicKey bob = peer();
        try (SqlPeerRecords peers = open(url)) {
            peers.begin();
            peers.onPresence(alice, true);
            nowMillis = 2_000;
            peers.onPresence(bob, true);
            peers.put(bob, new byte[] {1, 2, 3});
            nowMillis = 3_000;
            peers.onPresence(alice, false);
            nowMillis = 4_000;
            peers.onPresence(alice, true);
            assertEquals(
                    List.of(new Known(alice, 1_000, 4_000, 2, true, 0), new Known(bob, 2_000, 2_000, 1, true, 3)),
                    peers.known(10));
            assertEquals(
                    List.of(alice), peers.known(1).stream().map(Known::peer).toList());
            // of one that is active, the node has to hear
            assertTrue(peers.forget(bob));
            assertEquals(
                    List.of(alice), peers.known(10).stream().map(Known::peer).toList());
            assertEquals(List.of(bob), peers.pollForgotten());
            assertEquals(List.of(), peers.pollForgotten());
            peers.onPresence(bob, false);
            assertEquals(null, peers.find(bob));
            assertFalse(peers.forget(bob));
        }
        try (SqlPeerRecords next = open(url)) {
            assertTrue(next.known(10).getFirst().isActive(), "the process before did not say goodbye");
            next.begin();
            assertFalse(next.known(10).getFirst().isActive());
            assertTrue(next.forget(alice));
            assertEquals(List.of(), next.known(10));
            assertEquals(List.of(), next.pollForgotten());
            next.put(alice, new byte[] {7});
            assertArrayEquals(new byte[] {7}, next.find(alice));
        }
    }

    @Test
    void inSqlite() {
        story("jdbc:sqlite:" + folder.resolve("peers.db"));
    }

    @Test
    void inPostgres() throws Exception {
        Path programs = postgres();
        Path data = Files.createTempDirectory("konce-postgres");
        List<String> as = Files.isWritable(Path.of("/etc/passwd")) ? List.of("runuser", "-u", USER, "--") : List.of();
        if (!as.isEmpty() && run(List.of("chown", USER, data.toString())) != 0) {
            abort("PostgreSQL does not run as root, and there is no user '" + USER + "' to run it");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path cluster = data.resolve("cluster");
        String log = data.resolve("log").toString();
        String options = "-p " + port + " -h 127.0.0.1 -k " + data;
        try {
            must(as, programs, "initdb", "-D", cluster.toString(), "-U", "konce", "--auth=trust", "-N");
            must(as, programs, "pg_ctl", "-D", cluster.toString(), "-w", "-l", log, "-o", options, "start");
            story("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=konce");
        } finally {
            run(command(as, programs, "pg_ctl", "-D", cluster.toString(), "-m", "immediate", "stop"));
            run(List.of("rm", "-rf", data.toString()));
        }
    }

    /// Where PostgreSQL's programs are; else the test is skipped.
    private static Path postgres() throws IOException {
        Path root = Path.of("/usr/lib/postgresql");
        if (Files.isDirectory(root)) {
            try (Stream<Path> versions = Files.list(root)) {
                Optional<Path> found = versions.map(version -> version.resolve("bin"))
                        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                        .findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        return abort("PostgreSQL is not installed; on Debian: apt-get install postgresql");
    }

    private static List<String> command(List<String> as, Path programs, String program, String... args) {
        List<String> command = new ArrayList<>(as);
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(args));
        return command;
    }

    private void must(List<String> as, Path programs, String program, String... args) throws Exception {
        assertEquals(0, run(command(as, programs, program, args)), Files.readString(folder.resolve("said")));
    }

    private int run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .directory(Path.of("/").toFile())
                .start();
        assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS), command + " ends");
        return process.exitValue();
    }

    /// Goal: a node writes down whom it keeps, gives the application's record out with their messages, and forgets
    /// whom
    /// it is told to forget.
    @Test
    void aNodeKeepsItsPeersThere() throws Exception {
        HandlerId hello = HandlerId.wellKnown(1);
        PeerDatabase peers = PeerDatabase.connect(folder.resolve("node.db").toString());
        assertNotNull(peers, "found as a service");
        try (peers;
                Node server =
                        Node.builder().server(true).presences(10).records(peers).open();
                Node client = Node.builder().presences(10).open()) {
            server.handle(hello, message -> {
                byte[] record = message.record();
                message.reply(record == null ? "who are you?" : "hello, " + new String(record, UTF_8));
            });
            String first = client.request(server.target(), hello, new byte[0], SendOptions.REQUEST)
                    .text();
            assertEquals("who are you?", first);
            List<Known> known = peers.known(10);
            while (known.isEmpty()) {
                known = peers.known(10); // written off the loop
            }
            PublicKey key = known.getFirst().peer();
            assertEquals(client.publicKey(), key);
            assertTrue(known.getFirst().isActive());
            peers.put(key, "Alice".getBytes(UTF_8));
            assertEquals(
                    "hello, Alice",
                    client.request(server.target(), hello, new byte[0], SendOptions.REQUEST)
                            .text());
            server.forgetPeer(key);
            assertEquals(0, server.atRest().count());
        }
    }
}
