package konce.protocol.endpoint;

import konce.protocol.ConnectFailure;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// How a channel that has said CLOSE answers what the peer still sends, and for how long.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/06-flow.md, section 5
final class Farewell {
    private static final int LINGER_PROBES = 3;

    private final long endNanos;
    private long packets;

    Farewell(long nowNanos, ChannelPackets channel) {
        endNanos = nowNanos
                + (channel.isUnconfirmed()
                        ? Limits.UNACKNOWLEDGED_NANOS_MAX
                        : LINGER_PROBES * channel.probeTimeoutNanos());
    }

    /// When the channel is forgotten.
    long endNanos() {
        return endNanos;
    }

    // = docs/spec/06-flow.md R6.9
    /// A packet came.
    ///
    /// @return whether it is answered: the first, the second, the fourth, the eighth …
    boolean mayAnswer() {
        return Long.bitCount(++packets) == 1;
    }

    /// Why the peer will not have us, if that is what its CLOSE says.
    static @Nullable ConnectFailure refusal(int code, String text) {
        if (code <= 0 || code > Limits.CLOSE_REFUSAL_MAX) {
            return null;
        }
        return code == Limits.CLOSE_ANOTHER_PROCESS
                ? new ConnectFailure.ServerRestarted()
                : new ConnectFailure.Refused(code, text);
    }
}
