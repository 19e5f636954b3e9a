package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.crypto.SecretKey;
import konce.crypto.SigningKey;
import konce.crypto.VerifyingKey;
import konce.protocol.ConnectFailure;
import konce.protocol.Event;
import konce.protocol.KeyChangeNotice;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.ServerConfig;
import konce.protocol.Target;
import konce.protocol.handshake.KeyChange;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that has another key than the client thinks.
final class KeyChangeTest {
    private static final long SECOND = 1_000 * Pair.MILLI;

    /// Connects for an old key, and says why it failed.
    private static ConnectFailure failure(Pair pair, SecretKey old, @Nullable VerifyingKey master) {
        Target.Peer target = new Target.Peer(old.publicKey(), List.of(Pair.SERVER), pair.clientKey, master);
        long ticket = pair.send(target, Pair.text("for your old key's eyes only"), SendOptions.REQUEST);
        pair.run(15 * SECOND);
        assertEquals(
                0, pair.events(pair.serverEvents, Event.ChannelOpened.class).size());
        return assertInstanceOf(Outcome.CouldNotConnect.class, pair.outcome(ticket))
                .why();
    }

    // = docs/spec/03-handshake.md R3.11
    // = docs/spec/03-handshake.md R3.12
    /// Goal: the new key is shown inside encryption, in a packet no longer than the question, and only the
    /// master key known beforehand makes it trustworthy; with effort and without.
    @ParameterizedTest
    @ValueSource(longs = {0, 20})
    void aNewKeyIsTrustedOnlyOnTheMasterKeysWord(long effort) {
        try (Pair keys = new Pair();
                SigningKey master = SigningKey.generate(keys.vault, keys.random);
                SigningKey stranger = SigningKey.generate(keys.vault, keys.random);
                SecretKey old = SecretKey.generate(keys.vault, keys.random)) {
            KeyChangeNotice notice = KeyChange.sign(master, keys.serverKey.publicKey(), 7);
            ServerConfig server = new ServerConfig(keys.serverKey, false, effort, notice);
            for (VerifyingKey known : new VerifyingKey[] {master.verifyingKey(), stranger.verifyingKey(), null}) {
                try (Pair pair = new Pair(EndpointConfig.CLIENT, EndpointConfig.CLIENT.withServer(server), true)) {
                    boolean vouched = known != null && known.equals(master.verifyingKey());
                    assertEquals(
                            new ConnectFailure.KeyChanged(keys.serverKey.publicKey(), 7, vouched),
                            failure(pair, old, known));
                    List<byte[]> shown = pair.toClient.stream()
                            .filter(packet -> packet[0] == PacketType.KEY_CHANGE)
                            .toList();
                    int shortest = pair.toServer.stream()
                            .filter(packet -> packet[0] == PacketType.COOKIE_ECHO)
                            .mapToInt(packet -> packet.length)
                            .min()
                            .orElseThrow();
                    assertTrue(!shown.isEmpty() && shown.getFirst().length <= shortest);
                    byte[] key = keys.serverKey.publicKey().toBytes();
                    assertTrue(!contains(shown.getFirst(), key), "the new key stands in clear");
                }
            }
        }
    }

    // = docs/spec/03-handshake.md R3.11
    /// Goal: a server without a notice says nothing to who asks for another key.
    @Test
    void withoutANoticeThereIsNoAnswer() {
        try (Pair pair = new Pair();
                SecretKey other = SecretKey.generate(pair.vault, pair.random)) {
            assertEquals(new ConnectFailure.NotConfirmed(), failure(pair, other, null));
            assertTrue(pair.toClient.stream().allMatch(packet -> packet[0] == PacketType.INIT_ACK));
        }
    }

    // = docs/spec/03-handshake.md R3.12
    /// Goal: a notice says what was signed: another key or sequence is not vouched for.
    @Test
    void aNoticeIsBoundToItsKeyAndSequence() {
        try (Pair pair = new Pair();
                SigningKey master = SigningKey.generate(pair.vault, pair.random)) {
            KeyChangeNotice notice = KeyChange.sign(master, pair.serverKey.publicKey(), 7);
            assertTrue(KeyChange.isVouched(notice, master.verifyingKey()));
            KeyChangeNotice later = new KeyChangeNotice(notice.newKey(), 8, notice.signature());
            KeyChangeNotice other = new KeyChangeNotice(pair.clientKey.publicKey(), 7, notice.signature());
            assertTrue(!KeyChange.isVouched(later, master.verifyingKey()));
            assertTrue(!KeyChange.isVouched(other, master.verifyingKey()));
        }
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (java.util.Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
