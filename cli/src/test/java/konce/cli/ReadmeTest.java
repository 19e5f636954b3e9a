package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What README.md shows must work as it stands there.
class ReadmeTest {
    private static final Path README = Path.of("..", "README.md");
    private static final long SECONDS_MAX = 60;

    @TempDir
    Path directory;

    /// Goal: the fifteen lines of Java are fifteen, and say hello; method: take them out of the README and run them
    /// with
    /// another Java machine, as a reader would.
    @Test
    void theFifteenLinesRun() throws Exception {
        String program = firstJavaBlock();
        assertTrue(
                program.lines().count() <= 15,
                "fifteen lines, not " + program.lines().count());
        Path source = Files.writeString(directory.resolve("Hello.java"), program);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command(source))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertTrue(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS), "it ends");
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), said);
        assertEquals("hello, world", said.strip());
    }

    private static String firstJavaBlock() throws IOException {
        String readme = Files.readString(README);
        String fence = "```java\n";
        int start = readme.indexOf(fence) + fence.length();
        assertTrue(start >= fence.length(), "README.md has a block of Java");
        return readme.substring(start, readme.indexOf("```", start));
    }

    private static List<String> command(Path source) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:disable",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("jdk.module.path"),
                source.toString());
    }

    /// What the command of these words says of itself, or where it has commands of its own, the one that is meant.
    private static String help(CommandRun command, List<String> words) {
        String help = command.run(words.get(1), "--help").out();
        assertTrue(help.contains("Usage: konce " + words.get(1)), words.toString());
        if (!help.contains("\nCommands:")) {
            return help;
        }
        assertTrue(help.contains("\n  " + words.get(2) + " "), words + ": no such command");
        return command.run(words.get(1), words.get(2), "--help").out();
    }

    /// Goal: every command the README shows is one, with options that are there; method: ask for its help.
    @Test
    void theCommandsAreThere() throws IOException {
        CommandRun command = new CommandRun(directory);
        List<String> shown = Files.readAllLines(README).stream()
                .filter(line -> line.matches("(\\./)?konce [a-z]+( .*)?"))
                .toList();
        assertTrue(shown.size() >= 7, shown.toString());
        for (String line : shown) {
            List<String> words = List.of(line.replaceFirst("   .*", "").split(" +"));
            String help = help(command, words);
            words.stream()
                    .filter(word -> word.startsWith("--"))
                    .forEach(option -> assertTrue(help.contains(option), option + " of " + line));
        }
    }
}
