package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.CloseReason;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.PeerOffence;
import konce.protocol.wire.FrameType;
import org.junit.jupiter.api.Test;

/// A message that changes its length on the way.
final class ChangedLengthTest {
    // = docs/spec/07-messages.md section 2
    /// Goal: a segment far beyond the length first told is an offence, not an array index.
    @Test
    void aLengthThatGrowsEndsTheChannel() {
        try (Pair pair = new Pair()) {
            HostilePeer peer = new HostilePeer(pair, null, _ -> {});
            assertTrue(peer.connect());
            peer.send(out -> segment(out, 10, 4));
            assertEquals(DropReason.NONE, peer.send(out -> segment(out, 1_000_000, 500_000)));
            assertEquals(
                    new CloseReason.Offence(PeerOffence.MESSAGE_HEADER_CHANGED),
                    pair.events(pair.serverEvents, Event.ChannelClosed.class)
                            .getFirst()
                            .reason());
        }
    }

    private static void segment(konce.protocol.wire.ByteWriter out, long total, long offset) {
        out.writeVarint(FrameType.SEGMENT);
        out.writeVarint(0);
        out.writeVarint(total);
        out.writeVarint(offset);
        out.writeVarint(1);
        out.writeByte(7);
    }
}
