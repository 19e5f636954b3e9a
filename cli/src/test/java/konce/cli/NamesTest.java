package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger, a server and people with names: command lines in homes of their own, real sockets on the loopback
/// interface.
class NamesTest {
    private static final String ANY_PORT = "127.0.0.1:0";

    @TempDir
    Path directory;

    private CommandRun owner;
    private CommandRun other;

    @BeforeEach
    void start() {
        owner = new CommandRun(directory.resolve("owner"));
        other = new CommandRun(directory.resolve("other"));
        ok(owner, "id", "new", "--no-passphrase");
        ok(other, "id", "new", "--no-passphrase");
    }

    private static CommandRun.Result ok(CommandRun who, String... args) {
        CommandRun.Result result = who.run(args);
        assertEquals(Main.EXIT_OK, result.status(), CommandRun.shown(args, result));
        return result;
    }

    private static String fails(CommandRun who, int status, String... args) {
        CommandRun.Result result = who.run(args);
        assertEquals(status, result.status(), CommandRun.shown(args, result));
        return result.err();
    }

    private RunningServer run() {
        return new RunningServer(directory.resolve("owner"), "ledger", "run", "--listen", ANY_PORT, "--json");
    }

    private RunningServer serve() {
        return new RunningServer(
                directory.resolve("server"), "serve", "--listen", ANY_PORT, "--echo", "--json", "--no-passphrase");
    }

    private static String key(CommandRun who, String purpose) {
        return ok(who, "account", "keys")
                .out()
                .lines()
                .filter(line -> line.startsWith(purpose))
                .findFirst()
                .orElseThrow()
                .replaceAll(".* ", "");
    }

    /// Goal: from nothing to a message sent to a name, by somebody who knows the ledger and nothing else; checked
    /// in
    /// words; petnames still come first.
    @Test
    void aNameIsRegisteredBoundAndSentTo() throws Exception {
        assertTrue(fails(owner, Main.EXIT_MISTAKE, "name", "show", "shop").contains("ledger init"));
        String ledger = ok(owner, "ledger", "init", "--quick")
                .out()
                .replace("ledger", "")
                .strip();
        assertTrue(fails(owner, Main.EXIT_MISTAKE, "ledger", "init").contains("none is written over"));
        try (RunningServer registry = run();
                RunningServer server = serve()) {
            String registryAddress = registry.member("address");
            assertTrue(ok(owner, "name", "price", "shop").out().contains("40 coins for 1 year  free"));
            assertTrue(ok(owner, "name", "register", "shop").out().startsWith("shop is yours"));
            ok(owner, "name", "bind", "shop", server.member("address"));

            assertTrue(fails(other, Main.EXIT_FAILED, "ledger", "join", registryAddress, "--ledger", "00")
                    .contains("not 00"));
            ok(other, "ledger", "join", registryAddress, "--ledger", ledger);
            assertEquals("hello\n", ok(other, "send", "shop", "hello").out());
            assertEquals(
                    server.member("address") + "\n",
                    ok(other, "resolve", "shop").out());
            String explained = ok(other, "resolve", "shop", "--explain").out();
            assertTrue(explained.contains("right  enough witnesses signed"), explained);
            assertFalse(explained.contains("WRONG"), explained);
            assertTrue(ok(other, "resolve", "shop", "--json").out().startsWith("{\"name\":\"shop\""));

            CommandRun.Result none = other.run("resolve", "nobody", "--explain");
            assertEquals(Main.EXIT_FAILED, none.status());
            assertTrue(none.out().contains("WRONG  the name belongs to somebody"), none::out);
            assertTrue(fails(other, Main.EXIT_FAILED, "send", "nobody", "x").contains("no petname 'nobody'"));
            assertTrue(
                    fails(owner, Main.EXIT_FAILED, "name", "register", "shop").contains("belongs to somebody"));

            ok(other, "peers", "add", "shop", registryAddress);
            assertEquals(registryAddress + "\n", ok(other, "resolve", "shop").out(), "the user's word wins");
            assertTrue(ok(owner, "ledger", "status").out().contains("1 names"));
            assertTrue(ok(owner, "name", "history", "shop").out().contains("registered for 1 years"));
            assertEquals("shop\n", ok(owner, "name", "search", "sh").out());
        }
        ok(other, "peers", "remove", "shop");
        assertTrue(ok(other, "resolve", "shop").err().contains("believed earlier"), "no registry runs any more");
    }

    /// Goal: a name changes hands for coins, its roles and keys change, rent is paid, what waits is called off, and
    /// a
    /// binding signed without network is published elsewhere. Waits are a few seconds on a quick ledger.
    @Test
    void namesChange() throws Exception {
        ok(owner, "ledger", "init", "--quick", "--witnesses", "4");
        try (RunningServer registry = run()) {
            ok(other, "ledger", "join", registry.member("address"));
            ok(owner, "account", "send", key(other, "account"), "500");
            assertTrue(ok(other, "account").out().contains("500 coins"));
            ok(owner, "name", "register", "corner-shop", "--recovery", key(other, "recovery"));

            ok(owner, "name", "renew", "corner-shop", "--years", "2");
            ok(owner, "name", "role", "corner-shop", "ceo", key(other, "master"));
            assertTrue(ok(owner, "name", "role", "corner-shop", "ceo").out().contains("taken back"));
            ok(other, "name", "recover", "corner-shop", key(other, "master"), "--lost");
            assertTrue(ok(owner, "name", "show", "corner-shop").out().contains("is being recovered"));
            ok(owner, "name", "call-off", "corner-shop");
            assertTrue(fails(other, Main.EXIT_FAILED, "name", "transfer", "corner-shop", key(other, "master"))
                    .contains("NOT_AUTHORIZED"));

            assertTrue(ok(owner, "name", "sell", "corner-shop", "100").out().contains("for sale at 100 coins"));
            assertTrue(fails(other, Main.EXIT_FAILED, "name", "buy", "corner-shop", "99")
                    .contains("costs 100"));
            buyOnceUnlocked();
            assertTrue(ok(other, "name", "show", "corner-shop").out().contains("owner     number 2"));

            Path file = directory.resolve("binding");
            ok(
                    other,
                    "name",
                    "bind",
                    "corner-shop",
                    registry.member("address"),
                    "--owner",
                    "2",
                    "--out",
                    file.toString());
            ok(owner, "name", "publish", file.toString());
            assertTrue(ok(owner, "resolve", "corner-shop").out().startsWith(registry.member("address")));
            Files.writeString(file, "nonsense");
            assertTrue(fails(owner, Main.EXIT_MISTAKE, "name", "publish", file.toString())
                    .contains("no server binding"));
        }
    }

    private void buyOnceUnlocked() throws InterruptedException {
        for (int attempt = 0; attempt < 20; attempt++) {
            CommandRun.Result result = other.run("name", "buy", "corner-shop", "100");
            if (result.status() == Main.EXIT_OK) {
                return;
            }
            assertTrue(result.err().contains("OFFER_LOCKED"), result::err);
            Wallet.pause(500);
        }
        throw new AssertionError("the lock of an offer on a quick ledger is five seconds");
    }

    /// Goal: a witness elsewhere is a process of its own, with a key that the ledger names.
    @Test
    void aWitnessElsewhere() throws Exception {
        Path place = directory.resolve("witness");
        String key =
                ok(other, "ledger", "witness", "--new", place.toString()).out().strip();
        assertTrue(fails(other, Main.EXIT_MISTAKE, "ledger", "witness", "--new", place.toString())
                .contains("already"));
        ok(owner, "ledger", "init", "--quick", "--witness", key);
        try (RunningServer registry = run()) {
            assertTrue(registry.member("address").startsWith("konce1"));
            assertTrue(fails(owner, Main.EXIT_FAILED, "account").contains("cannot prove"), "nobody has signed");
            try (RunningServer witness = new RunningServer(
                    directory.resolve("other"),
                    "ledger",
                    "witness",
                    place.toString(),
                    registry.member("address"),
                    "--json")) {
                assertEquals(key, witness.member("witness"));
                ok(owner, "account", "send", key(other, "account"), "1");
                String left = ok(owner, "account").out();
                assertTrue(left.contains("999998.989 coins"), "one, the fee and the new account: " + left);
            }
        }
        for (String kept : List.of("genesis", "identities", "memory")) {
            assertTrue(Files.exists(place.resolve(kept)), kept);
        }
    }
}
