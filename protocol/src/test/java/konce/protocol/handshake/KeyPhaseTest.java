package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.SeededRandom;
import konce.crypto.Suite;
import konce.crypto.Vault;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The step from one key phase to the next.
final class KeyPhaseTest {
    private static final int BYTES = 64;

    private final Vault vault = Vault.open(1 << 14);
    private final SeededRandom random = new SeededRandom(5);

    private SessionKeys keys(boolean client, Suite suite, Secret fromClient, Secret fromServer, Secret update) {
        Function<Secret, PacketKey> key = traffic -> PacketKey.derive(vault, suite, traffic);
        Secret copy = Secret.copyOf(vault, Rig.bytes(bytes(update)), 0, 32);
        return SessionKeys.of(client, fromClient, fromServer, copy, null, key, key);
    }

    private static byte[] bytes(Secret secret) {
        MemorySegment bytes = Arena.ofAuto().allocate(secret.bytes());
        secret.copyTo(bytes, 0, SecretAccess.grant("a test compares"));
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    private static MemorySegment sealed(PacketKey key) {
        MemorySegment packet = Rig.bytes(new byte[BYTES + key.tagBytes()]);
        key.seal(packet, 0, 0, BYTES, 5);
        return packet;
    }

    private static boolean opens(PacketKey key, MemorySegment sealed) {
        return key.open(Rig.copy(sealed), 0, 0, BYTES + key.tagBytes(), 5);
    }

    // = docs/spec/04-protection.md R4.11
    /// Goal: the secrets of a phase are what the specification's formula says, and both sides come to the same;
    /// only
    /// headers are masked as before; what the phase came from is wiped. Method: computed again by the formula,
    /// phase
    /// after phase, with and without something mixed in.
    @ParameterizedTest
    @EnumSource(Suite.class)
    void theNextPhaseIsWhatTheFormulaSays(Suite suite) {
        try (Secret fromClient = Secret.random(vault, random, 32);
                Secret fromServer = Secret.random(vault, random, 32);
                Secret first = Secret.random(vault, random, 32);
                Secret mixed = Secret.random(vault, random, 32)) {
            SessionKeys client = keys(true, suite, fromClient, fromServer, first);
            SessionKeys server = keys(false, suite, fromClient, fromServer, first);
            byte[] update = bytes(first);
            for (int phase = 1; phase <= 4; phase++) {
                byte[] transcript = phase % 2 == 0 ? new byte[] {1, 2, 3} : new byte[0];
                Secret[] inputs = phase % 2 == 0 ? new Secret[] {mixed} : new Secret[0];
                byte[][] inputBytes = phase % 2 == 0 ? new byte[][] {bytes(mixed)} : new byte[0][];
                List<LoggedSecret> logged = new ArrayList<>();
                SessionKeys oldClient = client;
                SessionKeys oldServer = server;
                client = oldClient.next(vault, Rig.bytes(transcript), logged::add, inputs);
                server = oldServer.next(vault, Rig.bytes(transcript), null, inputs);
                byte[] before = update;
                assertArrayEquals(
                        ReferenceSchedule.ofNextPhase(vault, "client", before, transcript, inputBytes),
                        logged.get(0).secret());
                assertArrayEquals(
                        ReferenceSchedule.ofNextPhase(vault, "server", before, transcript, inputBytes),
                        logged.get(1).secret());
                update = ReferenceSchedule.ofNextPhase(vault, "update", before, transcript, inputBytes);
                assertArrayEquals(update, bytes(client.update()));
                assertThrows(IllegalStateException.class, () -> bytes(oldClient.update()));

                MemorySegment packet = sealed(client.send());
                assertTrue(opens(server.receive(), packet));
                assertFalse(opens(oldServer.receive(), packet));
                assertEquals(
                        oldServer.receive().headerMask(packet, 7),
                        server.receive().headerMask(packet, 7));
                assertTrue(opens(client.receive(), sealed(server.send())));
                oldClient.close();
                oldServer.close();
            }
            client.close();
            server.close();
        }
        assertEquals(0, vault.secretsLive());
        vault.close();
    }
}
