package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class CommandLineTest {
    @TempDir
    Path home;

    private CommandRun command;

    @BeforeEach
    void start() {
        command = new CommandRun(home);
    }

    private CommandRun.Result ok(String... args) {
        CommandRun.Result result = command.run(args);
        assertEquals(Main.EXIT_OK, result.status(), CommandRun.shown(args, result));
        return result;
    }

    /// A command line that must fail with one line on standard error.
    private String fails(int status, String... args) {
        CommandRun.Result result = command.run(args);
        assertEquals(status, result.status(), CommandRun.shown(args, result));
        assertTrue(result.err().startsWith("konce: "), CommandRun.shown(args, result));
        assertEquals(1, result.err().lines().count(), CommandRun.shown(args, result));
        return result.err();
    }

    /// Goal: every mistake on the command line is status 2 and one line that says where help is.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Which command?",
                "frobnicate|Unmatched argument at index 0: 'frobnicate'",
                "id|Which one",
                "peers|Which one",
                "peers add alice|Missing required parameter: 'ADDRESS'",
                "id new a b|Unmatched argument",
                "id list --nope|Unknown option: '--nope'"
            })
    void mistakesSayWhereHelpIs(String args, String reason) {
        String said = fails(Main.EXIT_MISTAKE, args.isEmpty() ? new String[0] : args.split(" "));
        assertTrue(said.contains(reason) && said.contains("--help'"), said);
    }

    /// Goal: every command has a help text with a description.
    @Test
    void everyCommandHasHelp() {
        helped(Main.commandLine(command.terminal(new ByteArrayOutputStream(), new ByteArrayOutputStream())));
    }

    private static void helped(CommandLine line) {
        String help = line.getUsageMessage();
        String name = line.getCommandSpec().qualifiedName();
        assertTrue(help.contains("Usage: " + name), help);
        assertTrue(line.getCommandSpec().usageMessage().description().length > 0, name + " says what it does");
        line.getSubcommands().values().forEach(CommandLineTest::helped);
    }

    /// Goal: the completion script knows the commands.
    @Test
    void completes() {
        String script = ok("completion").out();
        assertTrue(script.contains("konce") && script.contains("peers"), script);
    }

    /// Goal: identities are made once, listed, opened, and told apart when something is wrong with them.
    @Test
    void identities() throws IOException {
        command.environment.put("KONCE_PASSPHRASE", "correct horse");
        String key = ok("id", "new", "work").out().strip();
        assertTrue(key.startsWith("konce1"), key);
        assertEquals(
                "work  " + key, ok("id", "show", "--identity", "work").out().strip());
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "new", "work").contains("ever written over"));
        ok("id", "new", "robot", "--no-passphrase");
        List<String> listed = ok("id", "list").out().lines().toList();
        assertEquals(2, listed.size());
        assertTrue(listed.get(0).startsWith("robot  konce1") && listed.get(0).endsWith("no passphrase"), listed.get(0));
        assertEquals("work  " + key + "  passphrase", listed.get(1));

        command.environment.put("KONCE_PASSPHRASE", "wrong horse");
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "show", "--identity", "work").contains("wrong passphrase"));
        command.environment.remove("KONCE_PASSPHRASE");
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "show", "--identity", "work").contains("--passphrase-file"));
        Path file = home.resolve("identities").resolve("work.key");
        byte[] bytes = Files.readAllBytes(file);
        bytes[100] ^= 1;
        Files.write(file, bytes);
        command.environment.put("KONCE_PASSPHRASE", "correct horse");
        assertTrue(fails(Main.EXIT_FAILED, "id", "show", "--identity", "work").contains("damaged"));
        assertTrue(ok("id", "list").out().contains("damaged"));
        assertTrue(
                fails(Main.EXIT_MISTAKE, "id", "show", "--identity", "nobody").contains("no identity 'nobody'"));
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "new", "No Body").contains("character 1"));
    }

    /// Goal: a passphrase comes from a file's first line, or from a person who types it twice alike.
    @Test
    void passphrasesComeFromFilesAndPeople() throws IOException {
        Path secret = Files.writeString(home.resolve("secret.txt"), "correct horse\r\nsecond line\n");
        ok("id", "new", "work", "--passphrase-file", secret.toString());
        command.answers.add("correct horse");
        ok("id", "show", "--identity", "work");
        command.answers.addAll(List.of("one", "two"));
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "new", "other").contains("differ"));
        command.answers.addAll(List.of("one", "one"));
        ok("id", "new", "other");
        command.answers.add("");
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "new", "third").contains("--no-passphrase"));
        assertTrue(fails(Main.EXIT_MISTAKE, "id", "new", "third").contains("needs a passphrase"));
        assertTrue(fails(
                        Main.EXIT_MISTAKE,
                        "id",
                        "new",
                        "x",
                        "--passphrase-file",
                        home.resolve("none").toString())
                .contains("there is no file"));
        assertFalse(Files.exists(home.resolve("identities").resolve("third.key")));
    }

    /// Goal: the default identity is made on first use, with a word about it, and then used.
    @Test
    void theDefaultIdentityIsMadeOnFirstUse() {
        CommandRun.Result first = ok("id", "show", "--no-passphrase");
        assertTrue(first.err().startsWith("First use: making the identity 'default'"), first.err());
        CommandRun.Result second = ok("id", "show");
        assertEquals("", second.err());
        assertEquals(first.out(), second.out());
    }

    /// Goal: the petname book is kept on disk, changed by commands, and refused with its line where it is broken.
    @Test
    void petnames() throws IOException {
        String key = ok("id", "new", "--no-passphrase").out().strip();
        String address = key + "@192.0.2.7:413";
        ok("peers", "add", "alice", address, "--note", "met in Oslo");
        assertEquals(address, ok("peers", "show", "alice").out().strip());
        assertTrue(fails(Main.EXIT_MISTAKE, "peers", "add", "alice", address).contains("already in the book"));
        assertTrue(fails(Main.EXIT_MISTAKE, "peers", "add", "a1ice", address).contains("too easily taken for 'alice'"));
        assertTrue(fails(Main.EXIT_MISTAKE, "peers", "add", "bob", key + "@192.0.2.7")
                .contains("no port"));
        ok("peers", "rename", "alice", "anna");
        assertTrue(ok("peers", "list", "--json").out().contains("\"name\":\"anna\""));
        ok("peers", "add", "anna", key, "--replace");
        assertEquals(key, ok("peers", "show", "anna").out().strip());
        ok("peers", "remove", "anna");
        assertTrue(fails(Main.EXIT_MISTAKE, "peers", "remove", "anna").contains("not in the book"));
        assertTrue(fails(Main.EXIT_MISTAKE, "peers", "show", "anna").contains("not in the book"));
        assertEquals("", ok("peers", "list").out());
        Path book = home.resolve("petnames");
        Files.writeString(book, Files.readString(book) + "broken\n");
        assertTrue(fails(Main.EXIT_MISTAKE, "peers", "list").contains("line 2"));
        assertTrue(Files.readString(book).endsWith("broken\n"), "a broken book is not touched");
    }

    /// Goal: texts in JSON stay texts, whatever they hold.
    @Test
    void jsonIsEscaped() {
        assertEquals(
                "{\"a\":\"\\\"\\\\\\u0007\\u00e4\",\"b\":[1,true,null],\"c\":{\"d\":0.5}}",
                new JsonLine()
                        .with("a", "\"\\\u0007ä")
                        .with("b", Arrays.asList(1, true, null))
                        .with("c", new JsonLine().with("d", 0.5))
                        .toString());
    }

    /// Goal: what a stranger wrote cannot steer the terminal.
    @Test
    void strangersWordsAreHarmless() {
        assertEquals("a?[31mb?c?", Terminal.harmless("a\u001b[31mb\u202ec\n"));
    }
}
