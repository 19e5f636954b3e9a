package konce.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import konce.crypto.PassphraseKey.Cost;

/// Runs command lines in this process, with a home of their own and no person at the terminal.
final class CommandRun {
    private static final Cost CHEAP = new Cost(1, Cost.MEMORY_BYTES_MIN);

    final Map<String, String> environment = new HashMap<>();
    final Deque<String> answers = new ArrayDeque<>();
    String input = "";

    CommandRun(Path home) {
        environment.put("KONCE_HOME", home.toString());
    }

    /// What a command line gave.
    record Result(int status, String out, String err) {}

    Result run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.run(args, terminal(out, err));
        return new Result(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
        return new Terminal(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false,
                _ -> answers.isEmpty() ? null : answers.removeFirst().toCharArray(),
                CHEAP);
    }

    /// Everything said, for a failed assertion.
    static String shown(String[] args, Result result) {
        return Arrays.toString(args) + " gave " + result;
    }
}
