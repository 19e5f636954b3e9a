package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import konce.protocol.CloseReason;
import konce.protocol.Event;
import konce.protocol.PeerOffence;
import konce.protocol.table.RangeSet;
import konce.protocol.wire.AckRuns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many acknowledgements one packet may hold.
final class OneAckTest {
    // = docs/spec/06-flow.md R6.20
    /// Goal: a packet full of ACKs does not buy a walk over everything under way for each of them.
    @ParameterizedTest
    @ValueSource(ints = {2, 100})
    void aSecondAckInAPacketEndsTheChannel(int acks) {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, _ -> {})) {
            assertTrue(peer.connect());
            RangeSet received = new RangeSet();
            received.add(1, 2);
            peer.send(out -> {
                for (int i = 0; i < acks; i++) {
                    AckRuns.write(out, received, 0, 1 << 20, 1);
                }
            });
            assertEquals(
                    new CloseReason.Offence(PeerOffence.FRAME_MALFORMED),
                    pair.events(pair.serverEvents, Event.ChannelClosed.class)
                            .getFirst()
                            .reason());
        }
    }

    /// Goal: one is what every packet may hold.
    @Test
    void oneAckIsTaken() {
        try (Pair pair = new Pair();
                HostilePeer peer = new HostilePeer(pair, null, _ -> {})) {
            assertTrue(peer.connect());
            RangeSet received = new RangeSet();
            received.add(1, 2);
            peer.send(out -> AckRuns.write(out, received, 0, 1 << 20, 1));
            assertEquals(
                    0, pair.events(pair.serverEvents, Event.ChannelClosed.class).size());
        }
    }
}
