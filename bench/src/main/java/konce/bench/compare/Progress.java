package konce.bench.compare;

import java.io.PrintStream;
import java.util.Locale;

/// How far a run is: one line of standard error that is drawn over; nothing where no person looks.
final class Progress {
    private static final int WIDTH = 24;

    private final PrintStream out;
    private final boolean interactive;
    private final long startNanos = System.nanoTime();

    Progress(PrintStream out, boolean interactive) {
        this.out = out;
        this.interactive = interactive;
    }

    /// Says what is being done, after `done` steps of `total`.
    void at(String step, long done, long total) {
        if (!interactive) {
            return;
        }
        int filled = total <= 0 ? WIDTH : (int) (WIDTH * done / total);
        long seconds = (System.nanoTime() - startNanos) / 1_000_000_000L;
        out.printf(
                Locale.ROOT,
                "\r\u001b[K[%s%s] %d of %d, %d:%02d  %s",
                "#".repeat(filled),
                ".".repeat(WIDTH - filled),
                done,
                total,
                seconds / 60,
                seconds % 60,
                step);
        out.flush();
    }

    /// Wipes the line.
    void wipe() {
        if (interactive) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}
