package konce.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A process that is killed, paused, and brought back.
///
/// - threads: any
final class Actor {
    private static final long END_SECONDS_MAX = 15;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final int LOG_CHARS_SHOWN = 2_000;

    /// What becomes of it just now.
    enum State {
        /// It runs, or is starting.
        UP,
        /// It was killed.
        KILLED,
        /// It stands still.
        PAUSED
    }

    private final String name;
    private final boolean orders;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path out;
    private final Path err;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.KILLED;
    private boolean settled;
    private long backSeconds;
    private @Nullable Process process;

    /// @param directory where what it says is kept
    /// @param orders whether it is one of the machines that order, and no witness
    Actor(String name, boolean orders, List<String> command, Map<String, String> environment, Path directory) {
        this.name = name;
        this.orders = orders;
        this.command = command;
        this.environment = environment;
        this.out = directory.resolve(name + ".out");
        this.err = directory.resolve(name + ".err");
    }

    String name() {
        return name;
    }

    boolean orders() {
        return orders;
    }

    State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it has been heard of since it came back.
    boolean settled() {
        lock.lock();
        try {
            return settled && state == State.UP;
        } finally {
            lock.unlock();
        }
    }

    /// Somebody heard of it.
    ///
    /// @param seconds of Unix time, when it said that
    void heard(long seconds) {
        lock.lock();
        try {
            settled |= state == State.UP && seconds >= backSeconds;
        } finally {
            lock.unlock();
        }
    }

    private void is(State next) {
        state = next;
        settled = false;
        backSeconds = System.currentTimeMillis() / MILLIS_PER_SECOND + 1;
    }

    void start() throws IOException {
        lock.lock();
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
                    .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
            is(State.UP);
        } finally {
            lock.unlock();
        }
    }

    /// As a power failure does it, as far as a process can tell.
    void kill() throws InterruptedException {
        lock.lock();
        try {
            if (process != null) {
                process.destroyForcibly().waitFor();
            }
            is(State.KILLED);
        } finally {
            lock.unlock();
        }
    }

    void pause() throws IOException, InterruptedException {
        signal("-STOP", State.PAUSED);
    }

    void goOn() throws IOException, InterruptedException {
        signal("-CONT", State.UP);
    }

    private void signal(String signal, State next) throws IOException, InterruptedException {
        lock.lock();
        try {
            if (process != null) {
                new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor();
                is(next);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whether it should run, and has ended.
    boolean endedByItself() {
        lock.lock();
        try {
            return state == State.UP && process != null && !process.isAlive();
        } finally {
            lock.unlock();
        }
    }

    /// Ends it in an orderly way; by force if that takes too long.
    ///
    /// @return whether it was orderly
    boolean end() throws InterruptedException {
        lock.lock();
        try {
            if (process == null || !process.isAlive()) {
                return true;
            }
            process.destroy();
            boolean orderly = process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS);
            process.destroyForcibly().waitFor();
            is(State.KILLED);
            return orderly;
        } finally {
            lock.unlock();
        }
    }

    /// What a pattern's first group matched in what it printed; null: nothing yet.
    @Nullable
    String printed(Pattern pattern) throws IOException {
        if (!Files.exists(out)) {
            return null;
        }
        Matcher matcher = pattern.matcher(Files.readString(out));
        return matcher.find() ? matcher.group(1) : null;
    }

    /// The end of what it said.
    String lastWords() throws IOException {
        String words = Files.exists(err) ? Files.readString(err) : "";
        return words.substring(Math.max(0, words.length() - LOG_CHARS_SHOWN)).strip();
    }
}
