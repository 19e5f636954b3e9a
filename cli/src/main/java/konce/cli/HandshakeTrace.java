package konce.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import konce.protocol.Event;
import konce.protocol.HandshakeStep;

/// The steps of one handshake, gathered as a node tells them, and shown as a timeline.
final class HandshakeTrace implements Consumer<Event.HandshakeTraced> {
    /// Steps come beside messages, on a thread of their own: the last may be a moment behind the first reply.
    private static final long LAST_STEP_SECONDS_MAX = 2;

    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Event.HandshakeTraced> steps = new ArrayList<>();
    private final CountDownLatch last = new CountDownLatch(1);

    @Override
    public void accept(Event.HandshakeTraced step) {
        synchronized (steps) {
            steps.add(step);
        }
        if (step.step() == HandshakeStep.COOKIE_ACK_RECEIVED) {
            last.countDown();
        }
    }

    /// All steps, once the last one is there; what is there, where none comes.
    private List<Event.HandshakeTraced> steps() {
        try {
            last.await(LAST_STEP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (steps) {
            return List.copyOf(steps);
        }
    }

    /// A line for each step: when, what, bytes or work.
    List<String> timeline() {
        List<Event.HandshakeTraced> all = steps();
        List<String> lines = new ArrayList<>();
        for (Event.HandshakeTraced step : all) {
            String unit = step.step() == HandshakeStep.PUZZLE_SOLVED ? "hashes" : "bytes";
            String amount = step.bytes() == 0 ? "" : step.bytes() + " " + unit;
            String detail = step.detail().isEmpty() ? "" : "  " + Terminal.harmless(step.detail());
            double at = milliseconds(all, step);
            lines.add(String.format(Locale.ROOT, "%9.3f ms  %-22s %14s%s", at, words(step.step()), amount, detail));
        }
        return lines;
    }

    /// The same for scripts.
    List<JsonLine> json() {
        List<Event.HandshakeTraced> all = steps();
        return all.stream()
                .map(step -> new JsonLine()
                        .with("milliseconds", milliseconds(all, step))
                        .with("step", step.step().name())
                        .with("bytes", step.bytes())
                        .with("detail", step.detail()))
                .toList();
    }

    private static double milliseconds(List<Event.HandshakeTraced> all, Event.HandshakeTraced step) {
        return (step.atNanos() - all.getFirst().atNanos()) / NANOS_PER_MILLI;
    }

    private static String words(HandshakeStep step) {
        return switch (step) {
            case INIT_SENT -> "INIT sent";
            case INIT_ACK_RECEIVED -> "INIT-ACK received";
            case KEYS_AGREED -> "keys agreed";
            case PUZZLE_SOLVED -> "puzzle solved";
            case COOKIE_ECHO_SENT -> "COOKIE-ECHO sent";
            case COOKIE_ACK_RECEIVED -> "COOKIE-ACK received";
        };
    }
}
