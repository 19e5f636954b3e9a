package konce.simulator.measure;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import konce.protocol.Ecn;
import konce.simulator.clock.Timeline;

/// A model of TCP as systems have it: CUBIC with HyStart, selective acknowledgements, losses found by three later
/// arrivals, a retransmission timer, an ACK for every second segment. Shares no code with what it is compared to.
///
/// - source: RFC 9438; RFC 6675 and RFC 8985 for losses; RFC 6298 for the timer; RFC 9406 for the end of slow start
final class TcpRunner implements Dumbbell.Runner {
    private static final long MILLI = 1_000_000L;
    private static final int SEGMENT_BYTES = 1_448;

    /// With the link's own 28 bytes for IP and UDP a datagram of this is a full Ethernet packet.
    private static final int DATAGRAM_BYTES = 1_472;

    private static final int ACK_BYTES_MIN = 24;
    private static final int REORDERING = 3;
    private static final long TIMEOUT_NANOS_MIN = 200 * MILLI;
    private static final double C = 0.4;
    private static final double BETA = 0.7;

    private record Sent(long nanos, long order) {}

    private final Timeline timeline;
    private final Dumbbell.Way forward;
    private final Dumbbell.Way back;

    // the sender; numbers count segments
    private final TreeMap<Long, Sent> inFlight = new TreeMap<>();
    private final TreeSet<Long> toSendAgain = new TreeSet<>();
    private long next;
    private long orders;
    private double window = 10;
    private double threshold = Double.MAX_VALUE;
    private double windowMax;
    private long epochNanos = -1;
    private double inflexion;
    private double renoWindow;
    private long recoveryOrder = -1;
    private double smoothed = -1;
    private double variation;
    private double least = Double.MAX_VALUE;
    private long heardNanos;
    private int timeouts;

    // the receiver
    private final TreeSet<Long> ahead = new TreeSet<>();
    private final List<Long> unacknowledged = new ArrayList<>();
    private long expected;

    TcpRunner(Timeline timeline, Dumbbell.Way forward, Dumbbell.Way back) {
        this.timeline = timeline;
        this.forward = forward;
        this.back = back;
    }

    @Override
    public void start() {
        heardNanos = timeline.nowNanos();
        pump();
        watch();
    }

    @Override
    public long bytesArrived() {
        return expected * SEGMENT_BYTES;
    }

    @Override
    public void close() {}

    // ---- the receiver

    private void onSegment(byte[] datagram) {
        long number = ByteBuffer.wrap(datagram).getLong();
        boolean inOrder = number == expected && ahead.isEmpty();
        if (number >= expected) {
            ahead.add(number);
        }
        while (!ahead.isEmpty() && ahead.first() == expected) {
            ahead.pollFirst();
            expected++;
        }
        unacknowledged.add(number);
        if (!inOrder || unacknowledged.size() >= 2) {
            acknowledge();
        } else {
            timeline.after(40 * MILLI, () -> {
                if (unacknowledged.contains(number)) {
                    acknowledge();
                }
            });
        }
    }

    private void acknowledge() {
        ByteBuffer ack = ByteBuffer.allocate(Math.max(ACK_BYTES_MIN, Long.BYTES * (1 + unacknowledged.size())));
        ack.putLong(unacknowledged.size());
        unacknowledged.forEach(ack::putLong);
        unacknowledged.clear();
        back.send(ack.array(), Ecn.NOT_ECT, (bytes, _) -> onAck(bytes));
    }

    // ---- the sender

    private void onAck(byte[] datagram) {
        ByteBuffer ack = ByteBuffer.wrap(datagram);
        long count = ack.getLong();
        long newestOrder = -1;
        int acked = 0;
        for (long i = 0; i < count; i++) {
            long number = ack.getLong();
            Sent sent = inFlight.remove(number);
            toSendAgain.remove(number);
            if (sent != null) {
                acked++;
                newestOrder = Math.max(newestOrder, sent.order());
                measure((double) (timeline.nowNanos() - sent.nanos()));
            }
        }
        if (acked == 0) {
            return;
        }
        heardNanos = timeline.nowNanos();
        timeouts = 0;
        detectLosses(newestOrder);
        if (newestOrder > recoveryOrder) {
            grow(acked);
        }
        pump();
    }

    private void detectLosses(long newestOrder) {
        List<Long> lost = new ArrayList<>();
        boolean fresh = false;
        for (var entry : inFlight.entrySet()) {
            if (entry.getValue().order() + REORDERING <= newestOrder) {
                lost.add(entry.getKey());
                fresh |= entry.getValue().order() > recoveryOrder;
            } else if (entry.getKey() >= next - 1) {
                break;
            }
        }
        lost.forEach(inFlight::remove);
        toSendAgain.addAll(lost);
        if (fresh) {
            recoveryOrder = orders;
            shrink();
        }
    }

    private void shrink() {
        windowMax = window < windowMax ? window * (1 + BETA) / 2 : window;
        window = Math.max(2, window * BETA);
        threshold = window;
        epochNanos = -1;
    }

    private void grow(int acked) {
        if (window < threshold) {
            window += acked;
            // HyStart: the queue begins to fill
            double allowed = Math.clamp(least / 8, 4.0 * MILLI, 16.0 * MILLI);
            if (window >= 16 && smoothed > least + allowed) {
                threshold = window;
            }
            return;
        }
        long now = timeline.nowNanos();
        if (epochNanos < 0) {
            epochNanos = now;
            renoWindow = window;
            windowMax = Math.max(windowMax, window);
            inflexion = Math.cbrt((windowMax - window) / C);
        }
        double seconds = (now - epochNanos + least) / 1e9 - inflexion;
        double target = Math.clamp(windowMax + C * seconds * seconds * seconds, window, 1.5 * window);
        renoWindow += 3 * (1 - BETA) / (1 + BETA) * acked / window;
        window = Math.max(window + (target - window) * acked / window, renoWindow);
    }

    private void measure(double sample) {
        least = Math.min(least, sample);
        if (smoothed < 0) {
            smoothed = sample;
            variation = sample / 2.0;
        } else {
            variation += (Math.abs(smoothed - sample) - variation) / 4;
            smoothed += (sample - smoothed) / 8;
        }
    }

    private void pump() {
        while (inFlight.size() < (int) window) {
            Long again = toSendAgain.pollFirst();
            long number = again != null ? again : next++;
            inFlight.put(number, new Sent(timeline.nowNanos(), orders++));
            byte[] datagram = new byte[DATAGRAM_BYTES];
            ByteBuffer.wrap(datagram).putLong(number);
            forward.send(datagram, Ecn.NOT_ECT, (bytes, _) -> onSegment(bytes));
        }
    }

    private void watch() {
        double base = smoothed < 0 ? 1e9 : smoothed + 4 * variation;
        long timeout = (long) Math.max((double) TIMEOUT_NANOS_MIN, base) << Math.min(timeouts, 6);
        if (timeline.nowNanos() - heardNanos >= timeout && !inFlight.isEmpty()) {
            timeouts++;
            heardNanos = timeline.nowNanos();
            toSendAgain.addAll(inFlight.keySet());
            inFlight.clear();
            shrink();
            recoveryOrder = orders;
            window = 1;
            pump();
        }
        timeline.after(10 * MILLI, this::watch);
    }
}
