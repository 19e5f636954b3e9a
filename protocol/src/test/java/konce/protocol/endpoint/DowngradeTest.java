package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// An editor on the path who wants the two to settle for less than both can do. The server asks for no work, so it may
/// rewrite a COOKIE-ECHO as it likes.
final class DowngradeTest {
    private static final byte[] WHOLE = {2, 2, 1, 2, 3, 1, 2, 3, Init.PARAMETERS_BYTES};
    private static final SendOptions SHORT = SendOptions.REQUEST.withConnectTimeout(3 * Lab.SECOND);

    /// What is taken out of the client's offer of handshake protocols 1 and 2 and session protocols 1, 2 and 3, and
    /// what
    /// a server that never saw the best one chooses.
    enum Strip {
        HANDSHAKE("0201020301020318", 2, 1),
        SESSION("0202010202020318", 1, 2),
        SWAPPED_SESSION("020201020302010318", 1, 2),
        BOTH("020102010318", 2, 3);

        private final String left;
        private final long handshake;
        private final long session;

        Strip(String left, long handshake, long session) {
            this.left = left;
            this.handshake = handshake;
            this.session = session;
        }

        byte[] init(byte[] packet) {
            return padded(replaced(packet, Init.OFFER, WHOLE, HexFormat.of().parseHex(left)), packet.length);
        }

        byte[] echo(byte[] packet) {
            return replaced(
                    packet, CookieEcho.NEGOTIATION, WHOLE, HexFormat.of().parseHex(left));
        }
    }

    private static byte[] replaced(byte[] packet, int at, byte[] old, byte[] now) {
        assertTrue(Arrays.equals(packet, at, at + old.length, old, 0, old.length), "the offer is where it should be");
        byte[] changed = new byte[packet.length - old.length + now.length];
        System.arraycopy(packet, 0, changed, 0, at);
        System.arraycopy(now, 0, changed, at, now.length);
        int rest = at + old.length;
        System.arraycopy(packet, rest, changed, at + now.length, packet.length - rest);
        return changed;
    }

    private static byte[] padded(byte[] packet, int bytes) {
        return Arrays.copyOf(packet, bytes);
    }

    private static Set<DropReason> assertNeverConnects(Lab lab, Lab.Attacker editor) {
        lab.attacker = editor;
        Outcome outcome = lab.settle(lab.send(lab.target(), "downgraded?", SHORT), 4 * Lab.SECOND);
        assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.NotConfirmed()), outcome);
        assertEquals(0, lab.opened());
        return Lab.drops(lab.server);
    }

    /// Goal: what the editor makes of the offer is a good offer: a client that makes it itself gets those
    /// protocols.
    @ParameterizedTest
    @EnumSource(Strip.class)
    void whatIsLeftIsAGoodOffer(Strip strip) {
        List<Long> handshakes = strip.handshake == 2 ? List.of(2L) : List.of(1L, 2L);
        List<Long> sessions = strip.session == 3 ? List.of(3L) : List.of(2L, 3L);
        EndpointConfig poor = EndpointConfig.CLIENT.withProtocols(
                handshakes, strip == Strip.HANDSHAKE ? List.of(1L, 2L, 3L) : sessions);
        try (Lab lab = new Lab(Lab.Setup.PLAIN.withClient(poor))) {
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("poor"), Lab.SECOND));
            Event.ChannelOpened opened =
                    Lab.events(lab.serverEvents, Event.ChannelOpened.class).getFirst();
            assertEquals(strip.handshake, opened.handshake().handshakeProtocol());
            assertEquals(strip.session, opened.handshake().sessionProtocol());
        }
    }

    // = docs/spec/03-handshake.md R3.21
    /// Goal: an offer stripped in INIT alone fails at the authenticator.
    @ParameterizedTest
    @EnumSource(Strip.class)
    void aStrippedInitFails(Strip strip) {
        try (Lab lab = new Lab()) {
            Set<DropReason> seen = assertNeverConnects(
                    lab, (_, packet) -> List.of(Lab.isOf(packet, PacketType.INIT) ? strip.init(packet) : packet));
            assertEquals(Set.of(DropReason.COOKIE_WRONG), seen);
        }
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: an offer stripped in INIT and in COOKIE-ECHO alike passes the cookie, and fails at the keys: the
    /// client's transcript has what it offered.
    @ParameterizedTest
    @EnumSource(Strip.class)
    void anOfferStrippedEverywhereFails(Strip strip) {
        try (Lab lab = new Lab()) {
            Lab.Attacker editor = (_, packet) -> {
                if (Lab.isOf(packet, PacketType.INIT)) {
                    return List.of(strip.init(packet));
                }
                return List.of(Lab.isOf(packet, PacketType.COOKIE_ECHO) ? strip.echo(packet) : packet);
            };
            Set<DropReason> seen = assertNeverConnects(lab, editor);
            assertEquals(Set.of(DropReason.NOT_AUTHENTIC, DropReason.ALREADY_ACCEPTED), seen);
        }
    }

    // = docs/spec/03-handshake.md R3.28
    /// Goal: a choice changed on its way to the client fails, whether it is changed back in COOKIE-ECHO or not.
    @Test
    void aChangedChoiceFails() {
        byte[] chosen = {2, 1, 1, 1, 1, InitAck.PARAMETERS_BYTES};
        byte[] worse = {2, 1, 1, 1, 3, InitAck.PARAMETERS_BYTES};
        for (boolean changedBack : new boolean[] {false, true}) {
            try (Lab lab = new Lab()) {
                Lab.Attacker editor = (_, packet) -> {
                    if (Lab.isOf(packet, PacketType.INIT_ACK)) {
                        return List.of(replaced(packet, InitAck.CHOSEN, chosen, worse));
                    }
                    boolean echo = changedBack && Lab.isOf(packet, PacketType.COOKIE_ECHO);
                    int at = CookieEcho.NEGOTIATION + WHOLE.length + Init.PARAMETERS_BYTES;
                    return List.of(echo ? replaced(packet, at, worse, chosen) : packet);
                };
                Set<DropReason> seen = assertNeverConnects(lab, editor);
                assertTrue(seen.contains(changedBack ? DropReason.NOT_AUTHENTIC : DropReason.COOKIE_WRONG));
            }
        }
    }

    // = docs/spec/03-handshake.md R3.24
    /// Goal: lists made up by the editor, who says that nothing fits although something does, keep nobody from the
    /// answer
    /// that comes with them; those that would fit are not even heard.
    @ParameterizedTest
    @CsvSource({"020101020203, STALE", "020109020809, NONE"})
    void madeUpListsAreNotBelieved(String offer, DropReason expected) {
        try (Lab lab = new Lab()) {
            byte[] made = HexFormat.of().parseHex(offer);
            lab.attacker = (_, packet) -> {
                byte[] lists = Arrays.copyOf(packet, 1 + Init.CLIENT_RANDOM_BYTES + made.length);
                lists[0] = PacketType.INIT_ACK_LISTS;
                System.arraycopy(made, 0, lists, 1 + Init.CLIENT_RANDOM_BYTES, made.length);
                return Lab.isOf(packet, PacketType.INIT_ACK) ? List.of(lists, packet) : List.of(packet);
            };
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("nothing fits"), 4 * Lab.SECOND));
            assertEquals(expected == DropReason.NONE ? Set.of() : Set.of(expected), Lab.drops(lab.client));
        }
    }
}
