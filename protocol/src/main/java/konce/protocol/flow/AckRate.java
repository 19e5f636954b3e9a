package konce.protocol.flow;

import konce.protocol.Limits;
import konce.protocol.path.Path;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameWriter;

/// How rarely we ask the peer for ACKs: the more packets a window holds the more of them share one, so that a channel's
/// part of the window is still acknowledged in several parts.
///
/// - unit: packets, nanoseconds
/// - source: docs/spec/06-flow.md, section 2
public final class AckRate {
    /// Packets that share an ACK where nothing was asked.
    private static final int PACKETS_DEFAULT = 2;

    /// Parts in which a window is acknowledged at least.
    private static final int ACKS_PER_WINDOW = 8;

    /// Parts of a round trip a lone packet may wait for its ACK.
    private static final int DELAYS_PER_ROUND = 4;

    /// Timers are no finer.
    private static final long DELAY_NANOS_MIN = 1_000_000L;

    private int asked = PACKETS_DEFAULT;
    private boolean lost;

    public AckRate() {}

    // = docs/spec/06-flow.md R6.22
    /// Whether the peer is to be asked anew: the window has doubled or halved since.
    public boolean isDue(Path path) {
        int wanted = wanted(path);
        return lost || wanted >= 2 * asked || 2 * wanted <= asked;
    }

    private static int wanted(Path path) {
        long share = path.windowBytes() / Math.max(1, path.channels());
        long packets = share / path.datagramBytes() / ACKS_PER_WINDOW;
        return Math.clamp(packets, PACKETS_DEFAULT, Limits.ACK_PACKETS_MAX);
    }

    /// Writes what is due.
    public void write(ByteWriter out, Path path) {
        asked = wanted(path);
        lost = false;
        long delay =
                Math.clamp(path.rtt().smoothedNanos() / DELAYS_PER_ROUND, DELAY_NANOS_MIN, Limits.ACK_DELAY_NANOS_MAX);
        FrameWriter.ackRate(out, asked, delay);
    }

    /// What was asked has not arrived.
    public void onLost() {
        lost = true;
    }

    /// The peer has forgotten what was asked.
    public void reset() {
        asked = PACKETS_DEFAULT;
        lost = false;
    }
}
