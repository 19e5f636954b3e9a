package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.protocol.ConnectFailure;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server's process that ends while a client connects to it, and what the next one makes of that client.
final class RestartTest {
    /// The last byte of the tag's number in a COOKIE-ECHO of a plain lab: behind the client's offer of 9 bytes,
    /// both sides'
    /// parameters, and the choice of 5.
    private static final int TAG_NUMBER_END = CookieEcho.NEGOTIATION + 9 + Init.PARAMETERS_BYTES + 5 + 1 + 7;

    private static final SendOptions PATIENT =
            SendOptions.REQUEST.withConnectTimeout(15 * Lab.SECOND).withReplyTimeout(30 * Lab.SECOND);

    /// Sends a message whose server dies before the client has heard that it was accepted.
    private static long sendToTheDying(Lab lab) {
        lab.attacker = (toServer, datagram) ->
                !toServer && Lab.isOf(datagram, PacketType.COOKIE_ACK) ? List.of() : List.of(datagram);
        long ticket = lab.send(lab.target(), "once", PATIENT);
        lab.run(4 * lab.oneWayNanos);
        assertEquals(1, lab.arrived(), "the first process has run it");
        lab.restartServer();
        lab.attacker = (_, datagram) -> List.of(datagram);
        return ticket;
    }

    // = docs/spec/03-handshake.md R3.31
    // = docs/spec/03-handshake.md R3.32
    /// Goal: a message that one process has run is not run by the next, and its sender learns why; what he sends
    /// then goes through.
    @Test
    void theNextProcessDoesNotRunItAgain() {
        try (Lab lab = new Lab()) {
            Outcome outcome = lab.settle(sendToTheDying(lab), 20 * Lab.SECOND);
            assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.ServerRestarted()), outcome);
            assertEquals(1, lab.arrived());
            assertInstanceOf(Outcome.Replied.class, lab.settle(lab.send("next"), Lab.SECOND));
            assertEquals(2, lab.arrived());
        }
    }

    // = docs/spec/03-handshake.md R3.32
    /// Goal: a client that a dead process gave a cookie, but that sent it nothing, is served by the next at once.
    @Test
    void aCookieThatWasNeverUsedIsNoReason() {
        try (Lab lab = new Lab()) {
            lab.attacker = (toServer, datagram) ->
                    !toServer && Lab.isOf(datagram, PacketType.INIT_ACK) ? List.of() : List.of(datagram);
            long ticket = lab.send(lab.target(), "once", PATIENT);
            lab.run(4 * lab.oneWayNanos);
            lab.restartServer();
            lab.attacker = (_, datagram) -> List.of(datagram);
            assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, 2 * Lab.SECOND));
            assertEquals(1, lab.arrived());
        }
    }

    // = docs/spec/03-handshake.md R3.32
    /// Goal: whoever makes up process tags keeps nobody from the server. Method: each INIT-ACK is overtaken by a
    /// copy whose tag, number or proof, has a bit changed.
    @ParameterizedTest
    @ValueSource(ints = {8, 1})
    void aTagThatWasMadeUpCountsForNothing(int fromTheEnd) {
        try (Lab lab = new Lab()) {
            lab.attacker = (toServer, datagram) -> {
                if (toServer || !Lab.isOf(datagram, PacketType.INIT_ACK)) {
                    return List.of(datagram);
                }
                byte[] forged = datagram.clone();
                forged[forged.length - fromTheEnd] ^= 1;
                return List.of(forged, datagram);
            };
            long ticket = lab.send(lab.target(), "once", PATIENT);
            assertInstanceOf(Outcome.Replied.class, lab.settle(ticket, 10 * Lab.SECOND));
            assertEquals(1, lab.arrived());
        }
    }

    // = docs/spec/03-handshake.md R3.31
    /// Goal: who makes up tags without end makes a client give up its message, not forget to whom it sent it: no
    /// COOKIE-ECHO grows past its limit. Method: every INIT-ACK has another tag, and so no cookie is good.
    @Test
    void tagsAreBounded() {
        try (Lab lab = new Lab()) {
            byte[] last = {0};
            lab.attacker = (toServer, datagram) -> {
                byte[] changed = datagram.clone();
                if (!toServer && Lab.isOf(datagram, PacketType.INIT_ACK)) {
                    changed[InitAck.BYTES_MIN - Init.CLUE_BYTES - 9] = ++last[0];
                }
                return List.of(changed);
            };
            long ticket = lab.send(
                    lab.target(),
                    "never",
                    SendOptions.REQUEST.withConnectTimeout(60 * Lab.SECOND).withReplyTimeout(60 * Lab.SECOND));
            assertEquals(
                    new Outcome.CouldNotConnect(new ConnectFailure.NotConfirmed()),
                    lab.settle(ticket, 60 * Lab.SECOND));
            long echoes = lab.toServer.stream()
                    .filter(packet -> Lab.isOf(packet, PacketType.COOKIE_ECHO))
                    .map(packet -> packet[TAG_NUMBER_END])
                    .distinct()
                    .count();
            assertEquals(Limits.PROCESS_TAGS_MAX, echoes, "cookies it was sent under");
            assertTrue(lab.toServer.stream().allMatch(packet -> packet.length <= Limits.DATAGRAM_BYTES_BASE));
            assertEquals(0, lab.arrived());
        }
    }
}
