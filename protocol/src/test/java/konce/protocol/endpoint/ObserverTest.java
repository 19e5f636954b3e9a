package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import konce.protocol.Address;
import konce.protocol.HandshakeStep;
import konce.protocol.Observer;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.dissect.FrameJson;
import org.junit.jupiter.api.Test;

/// Goal: an observer sees everything that a channel does, as it is. Method: both sides of a channel over a bad network
/// are observed; what one saw leave is compared with what the other saw come, and with the endpoint's own figures.
final class ObserverTest {
    private static final long SEED = 20_261_124;

    /// Writes down what it sees.
    private static final class Recorder implements Observer {
        final boolean packets;
        final FrameJson frames = new FrameJson();
        final Map<Long, String> sent = new HashMap<>();
        final Map<Long, String> received = new HashMap<>();
        final List<HandshakeStep> steps = new ArrayList<>();
        final List<String> life = new ArrayList<>();
        final List<String> phases = new ArrayList<>();
        long lost;
        long losses;
        long bytesSent;
        long lastNanos = Long.MIN_VALUE;
        long paths;

        Recorder(boolean packets) {
            this.packets = packets;
        }

        private void at(long nowNanos) {
            assertTrue(nowNanos >= lastNanos, "time never goes backwards");
            lastNanos = nowNanos;
        }

        private String words(Packet packet) {
            StringBuilder out = new StringBuilder().append(packet.kind()).append(' ');
            frames.append(out, packet.buffer(), packet.framesOffset(), packet.framesBytes());
            assertFalse(out.indexOf("offence") >= 0, out.toString());
            return out.toString();
        }

        @Override
        public boolean seesPackets() {
            return packets;
        }

        @Override
        public void onChannelBegun(long nowNanos, long channel, boolean initiator) {
            at(nowNanos);
            life.add("begun " + initiator);
        }

        @Override
        public void onHandshake(long nowNanos, long channel, Address remote, HandshakeStep step, long bytes) {
            at(nowNanos);
            steps.add(step);
        }

        @Override
        public void onPacketSent(long nowNanos, Packet packet) {
            at(nowNanos);
            bytesSent += packet.bytes();
            sent.put(packet.number(), words(packet));
        }

        @Override
        public void onPacketReceived(long nowNanos, Packet packet) {
            at(nowNanos);
            received.put(packet.number(), words(packet));
        }

        @Override
        public void onPacketLost(long nowNanos, long channel, long number, int bytes) {
            at(nowNanos);
            assertTrue(sent.containsKey(number), "only what was sent is lost");
            lost++;
        }

        @Override
        public void onPath(long nowNanos, long channel, PathFigures path) {
            at(nowNanos);
            paths++;
            phases.add(path.phase());
            assertTrue(path.windowBytes() > 0 && path.smoothedRttNanos() > 0 && path.paceBytesPerSecond() > 0);
        }

        @Override
        public void onLosses(long nowNanos, long channel, long packets) {
            at(nowNanos);
            losses += packets;
        }

        @Override
        public void onChannelEnded(long channel) {
            life.add("ended");
        }
    }

    private static long transfer(Duo duo) {
        Random loss = new Random(SEED);
        duo.open();
        duo.network =
                (_, _) -> loss.nextInt(100) < 5 ? new long[0] : new long[] {duo.oneWayNanos + loss.nextInt(1_000_000)};
        return duo.left.send(new byte[1 << 19], SendOptions.REQUEST);
    }

    @Test
    void whatOneSideSendsTheOtherReceives() {
        Recorder left = new Recorder(true);
        Recorder right = new Recorder(true);
        try (Duo duo = new Duo()) {
            duo.left.endpoint.observe(left);
            duo.right.endpoint.observe(right);
            long ticket = transfer(duo);
            duo.runUntilSettled(2, 60 * Duo.SECOND);
            assertInstanceOf(Outcome.Replied.class, duo.left.outcomes.get(ticket), "seed " + SEED);
            assertEquals(duo.left.channel().packetsLost(), left.lost);
            assertEquals(left.lost, left.losses);
            assertTrue(left.lost > 0 && right.lost > 0, "some were lost");
            assertEquals(duo.left.channel().bytesSent(), left.bytesSent);
            duo.left.act(endpoint ->
                    endpoint.closeChannel(duo.nowNanos, duo.left.channel().channel(), 0, ""));
            duo.run(30 * Duo.SECOND);
        }
        // packet 0 is the early payload, which its sender shows as a step of the handshake
        assertTrue(right.received.remove(0L).startsWith("COOKIE_ECHO [{\"frame_type\":\"stream\""));
        same(left.sent, right.received);
        same(right.sent, left.received);
        assertEquals(List.of("begun true", "ended"), left.life);
        assertEquals(List.of("begun false", "ended"), right.life);
        assertEquals(
                List.of(
                        HandshakeStep.INIT_SENT,
                        HandshakeStep.INIT_ACK_RECEIVED,
                        HandshakeStep.KEYS_AGREED,
                        HandshakeStep.COOKIE_ECHO_SENT,
                        HandshakeStep.COOKIE_ACK_RECEIVED),
                left.steps);
        assertTrue(left.phases.contains("startup"), left.phases.toString());
    }

    private static void same(Map<Long, String> sent, Map<Long, String> received) {
        assertTrue(received.size() > 10, "packets: " + received.size());
        received.forEach((number, words) -> assertEquals(sent.get(number), words, "packet " + number));
    }

    /// Goal: who wants only what is rare is not asked to look at packets.
    @Test
    void whoDoesNotWantPacketsSeesNone() {
        Recorder left = new Recorder(false);
        try (Duo duo = new Duo()) {
            duo.left.endpoint.observe(left);
            transfer(duo);
            duo.runUntilSettled(2, 60 * Duo.SECOND);
            assertEquals(duo.left.channel().packetsLost(), left.losses);
        }
        assertEquals(0, left.sent.size() + left.received.size() + left.paths + left.lost);
        assertEquals(List.of("begun true", "ended"), left.life);
    }
}
