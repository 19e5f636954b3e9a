package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import konce.crypto.PassphraseKey.Cost;

/// A command that runs until it is interrupted, such as `konce serve --json`, on a thread of its own.
final class RunningServer implements AutoCloseable {
    private static final long SECONDS_MAX = 20;

    private final LineWatch out = new LineWatch();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private final Thread thread;

    /// Collects what is written, and says when the first line is there.
    private static final class LineWatch extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CompletableFuture<String> firstLine = new CompletableFuture<>();

        private final Map<String, CompletableFuture<Void>> awaited = new HashMap<>();

        @Override
        public synchronized void write(int b) {
            bytes.write(b);
            if (b == '\n') {
                firstLine.complete(bytes.toString(StandardCharsets.UTF_8).strip());
                tell();
            }
        }

        private synchronized CompletableFuture<Void> awaited(String words) {
            CompletableFuture<Void> there = awaited.computeIfAbsent(words, _ -> new CompletableFuture<>());
            tell();
            return there;
        }

        private void tell() {
            String text = bytes.toString(StandardCharsets.UTF_8);
            awaited.forEach((words, there) -> {
                if (text.contains(words)) {
                    there.complete(null);
                }
            });
        }
    }

    RunningServer(Path home, String... args) {
        Terminal terminal = new Terminal(
                System.in,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("KONCE_HOME", home.toString()),
                false,
                _ -> null,
                new Cost(1, Cost.MEMORY_BYTES_MIN));
        thread = Thread.ofPlatform().daemon(true).start(() -> {
            int result = Main.run(args, terminal);
            status.complete(result);
            out.firstLine.completeExceptionally(new IOException("ended with " + result + ": " + said()));
        });
    }

    /// A member of the one line of JSON it printed.
    String member(String name) throws Exception {
        String line = out.firstLine.get(SECONDS_MAX, TimeUnit.SECONDS);
        String key = "\"" + name + "\":\"";
        int start = line.indexOf(key) + key.length();
        return line.substring(start, line.indexOf('"', start));
    }

    /// Waits until it has printed these words, in whole lines.
    void awaitPrinted(String words) throws Exception {
        out.awaited(words).get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    /// What it has said on standard error.
    String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /// What it has printed.
    String printed() {
        return out.bytes.toString(StandardCharsets.UTF_8);
    }

    /// Ends it as Ctrl-C does.
    @Override
    public void close() {
        thread.interrupt();
        assertEquals(
                Main.EXIT_OK, status.orTimeout(SECONDS_MAX, TimeUnit.SECONDS).join(), said());
    }
}
