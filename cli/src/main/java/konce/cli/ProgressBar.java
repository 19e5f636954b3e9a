package konce.cli;

import java.util.Locale;
import java.util.function.LongFunction;

/// How far long work is, on one line of standard error that is drawn over; nothing where no person looks.
///
/// - threads: any
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;

    /// Nanoseconds between two drawings: fast enough to look alive.
    private static final long DRAW_NANOS = 100_000_000L;

    private final Terminal terminal;
    private final LongFunction<String> words;
    private final long startNanos = System.nanoTime();
    private long drawnNanos = startNanos - DRAW_NANOS;
    private boolean drawn;

    /// @param words an amount as people read it
    private ProgressBar(Terminal terminal, LongFunction<String> words) {
        this.terminal = terminal;
        this.words = words;
    }

    /// For work that is counted in bytes.
    static ProgressBar ofBytes(Terminal terminal) {
        return new ProgressBar(terminal, ProgressBar::bytes);
    }

    /// For work that is counted in pieces.
    static ProgressBar ofPieces(Terminal terminal) {
        return new ProgressBar(terminal, Long::toString);
    }

    /// Says how far it is.
    ///
    /// @param step what is being done
    synchronized void at(String step, long done, long total) {
        long now = System.nanoTime();
        if (!terminal.interactive() || now - drawnNanos < DRAW_NANOS) {
            return;
        }
        drawnNanos = now;
        drawn = true;
        int filled = total <= 0 ? WIDTH : (int) (WIDTH * done / total);
        String bar = "#".repeat(filled) + ".".repeat(WIDTH - filled);
        double seconds = (now - startNanos) / 1e9;
        terminal.err()
                .print(String.format(
                        Locale.ROOT,
                        "\r%-9s [%s] %s of %s, %s/s  ",
                        step,
                        bar,
                        words.apply(done),
                        words.apply(total),
                        words.apply((long) (done / Math.max(seconds, 1e-3)))));
        terminal.err().flush();
    }

    /// A number of bytes for people: `1.5 MiB`.
    static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    @Override
    public void close() {
        wipe();
    }

    /// Wipes the line, so that something else can be said.
    synchronized void wipe() {
        if (drawn) {
            drawn = false;
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
        }
    }
}
