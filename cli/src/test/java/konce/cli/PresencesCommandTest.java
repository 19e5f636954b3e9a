package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import konce.node.PeerDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PresencesCommandTest {
    @TempDir
    Path directory;

    private Path file;
    private CommandRun client;

    @BeforeEach
    void needsADatabase() {
        file = directory.resolve("peers.db");
        client = new CommandRun(directory.resolve("client"));
        assumeTrue(
                PeerDatabase.connect(file.toString()) != null,
                "the module store is not on this test's path; konce.store has the tests of what is below");
    }

    private List<String> listed() {
        CommandRun.Result result = client.run("presences", "list", "--json", "--database", file.toString());
        assertEquals(Main.EXIT_OK, result.status(), result.err());
        return result.out().lines().toList();
    }

    /// Goal: who has talked with a server is listed while it runs and after it, and can be forgotten.
    @Test
    void peersAreListedAndForgotten() throws Exception {
        String database = file.toString();
        try (RunningServer server = new RunningServer(
                directory.resolve("server"),
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--json",
                "--no-passphrase",
                "--presences",
                "100",
                "--database",
                database)) {
            String address = server.member("address");
            assertEquals(
                    Main.EXIT_OK,
                    client.run("send", address, "hello", "--no-passphrase").status());
            List<String> now = listed();
            while (now.isEmpty()) {
                now = listed(); // written off the server's loop
            }
            assertEquals(1, now.size());
            assertTrue(now.getFirst().contains("\"active\":true,\"meetings\":1,"), now.getFirst());
        }
        String line = listed().getFirst();
        String key = line.substring(line.indexOf("konce1"), line.indexOf("\",\"active"));
        CommandRun.Result forgotten = client.run("presences", "forget", key, "--database", database);
        assertEquals(Main.EXIT_OK, forgotten.status(), forgotten.err());
        assertEquals(List.of(), listed());
    }

    @Test
    void mistakesAreNamed() {
        assertTrue(client.run("serve", "--presences", "2000000").err().contains("0..1048576"));
        assertTrue(client.run("serve", "--database", "x").err().contains("--presences MAX"));
        assertTrue(client.run("presences", "forget", "nobody", "--database", file.toString())
                .err()
                .contains("not a key"));
    }
}
