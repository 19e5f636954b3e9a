package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import konce.protocol.Event;
import konce.protocol.dissect.Dissector;
import konce.protocol.dissect.Field;
import konce.protocol.dissect.LoggedKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A recorded exchange, told in words.
final class DissectorTest {
    private static List<LoggedKey> keys(Pair pair) {
        return Stream.concat(pair.clientEvents.stream(), pair.serverEvents.stream())
                .filter(Event.SecretDerived.class::isInstance)
                .map(Event.SecretDerived.class::cast)
                .map(secret -> new LoggedKey(secret.label(), secret.clientRandom(), secret.secret()))
                .toList();
    }

    private static Pair recorded(long session) {
        EndpointConfig config = EndpointConfig.CLIENT
                .withProtocols(List.of(1L), List.of(session))
                .withDiagnostics(false, true);
        Pair pair = new Pair(2, config, EndpointConfig.CLIENT);
        pair.send("attack at dawn");
        pair.run(200 * Pair.MILLI);
        pair.send("again");
        pair.run(200 * Pair.MILLI);
        return pair;
    }

    private static boolean says(List<Field> fields, String name, String part) {
        return fields.stream()
                .anyMatch(field -> field.name().equals(name) && field.value().contains(part));
    }

    /// Goal: with a key log every packet of both directions opens, and the message is read in the first flight.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aKeyLogOpensEveryPacket(long session) {
        try (Pair pair = recorded(session);
                Dissector dissector = new Dissector(pair.vault, keys(pair))) {
            List<Field> echo = dissector.dissect(pair.toServer.get(1));
            assertTrue(says(echo, "type", "COOKIE-ECHO"));
            assertTrue(says(echo, "client key A", pair.clientKey.publicKey().toString()));
            assertTrue(says(echo, "data", "attack at dawn"), echo.toString());
            List<Field> ack = dissector.dissect(pair.toClient.get(1));
            assertTrue(says(ack, "packet number", "1, from the server"), ack.toString());
            assertTrue(says(ack, "data", "attack at dawn"));
            for (byte[] packet : pair.toServer.subList(2, pair.toServer.size())) {
                assertTrue(says(dissector.dissect(packet), "tag", "authentic"));
            }
        }
    }

    /// Goal: without keys the headers are told and the rest is said to be sealed.
    @Test
    void withoutKeysNothingSealedIsTold() {
        try (Pair pair = recorded(1);
                Dissector dissector = new Dissector(pair.vault, List.of())) {
            for (byte[] packet : Stream.concat(pair.toServer.stream(), pair.toClient.stream())
                    .toList()) {
                List<Field> fields = dissector.dissect(packet);
                assertFalse(fields.toString().contains("attack"));
                assertEquals("type", fields.getFirst().name());
            }
        }
    }

    /// Goal: no bytes make it throw: random ones, and every packet cut short or changed.
    @Test
    void noBytesMakeItThrow() {
        Random random = new Random(5);
        try (Pair pair = recorded(1);
                Dissector dissector = new Dissector(pair.vault, keys(pair))) {
            List<byte[]> packets = Stream.concat(pair.toServer.stream(), pair.toClient.stream())
                    .toList();
            for (int i = 0; i < 5_000; i++) {
                byte[] packet = packets.get(random.nextInt(packets.size())).clone();
                packet[random.nextInt(packet.length)] ^= (byte) (1 << random.nextInt(8));
                byte[] cut = java.util.Arrays.copyOf(packet, random.nextInt(packet.length + 1));
                assertFalse(
                        dissector.dissect(random.nextBoolean() ? cut : packet).isEmpty());
            }
        }
    }
}
