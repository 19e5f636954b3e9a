package konce.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import konce.crypto.PassphraseKey.Cost;
import org.jspecify.annotations.Nullable;

/// What surrounds one run of the command: a real terminal, or a test's stand-in for it.
///
/// @param in standard input
/// @param out standard output: what was asked for, and nothing else
/// @param err standard error: everything said beside it
/// @param environment the environment variables
/// @param interactive whether a person is looking: colours, progress, questions
/// @param prompt asks for a passphrase without showing it; its answer is the asker's to wipe, null: nobody answers
/// @param cost what opening a new identity's file shall cost
public record Terminal(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        boolean interactive,
        Prompt prompt,
        Cost cost) {

    /// RFC 9106's second choice: three passes over 64 MiB, some tenths of a second.
    private static final Cost PASSPHRASE_COST = new Cost(3, 64L << 20);

    /// Asks a person.
    @FunctionalInterface
    public interface Prompt {
        /// The answer to a question, typed without echo; null where nobody can be asked.
        char @Nullable [] ask(String question);
    }

    /// The process's own surroundings.
    static Terminal ofProcess() {
        Console console = System.console();
        boolean interactive = console != null && console.isTerminal();
        return new Terminal(
                System.in,
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                System.getenv(),
                interactive,
                question -> console != null ? console.readPassword("%s", question) : null,
                PASSPHRASE_COST);
    }

    /// Whether colours are welcome: on a terminal, where `NO_COLOR` is not set.
    boolean colours() {
        return interactive
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /// The text in bold, where that is welcome.
    String bold(String text) {
        return styled("1", text);
    }

    /// The text in green, where that is welcome.
    String green(String text) {
        return styled("32", text);
    }

    /// The text in red, where that is welcome.
    String red(String text) {
        return styled("31", text);
    }

    /// The text dimmed, where that is welcome.
    String dim(String text) {
        return styled("2", text);
    }

    private String styled(String code, String text) {
        return colours() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /// Words of a stranger, made harmless for a terminal: control characters become `?`.
    static String harmless(String words) {
        StringBuilder shown = new StringBuilder(words.length());
        words.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }
}
