package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.List;
import konce.crypto.Secret;
import konce.crypto.VaultFullException;
import konce.protocol.Outcome;
import org.junit.jupiter.api.Test;

/// A vault with no room left: refused, never thrown, and all is well again when there is room.
final class FullVaultTest {
    /// Goal: at every point of the handshake at which the vault may be full, both endpoints go on living. Method:
    /// leave room for n secrets, for every n that a handshake could stop at.
    @Test
    void aFullVaultRefusesAndRecovers() {
        for (int free = 0; free < 40; free++) {
            try (Pair pair = new Pair()) {
                List<Secret> hoard = new ArrayList<>();
                fill(pair, hoard);
                for (int i = 0; i < free; i++) {
                    hoard.removeLast().close();
                }
                long ticket = pair.send("is there room?");
                pair.run(35_000 * Pair.MILLI);
                assertNotNull(pair.outcome(ticket), "the send settles with room for " + free);
                hoard.forEach(Secret::close);
                long after = pair.send("now?");
                pair.run(35_000 * Pair.MILLI);
                assertInstanceOf(Outcome.Replied.class, pair.outcome(after), "with room for " + free);
                int channels = pair.client.channels(pair.nowNanos).size();
                assertEquals(channels, Math.min(1, channels));
            }
        }
    }

    private static void fill(Pair pair, List<Secret> hoard) {
        try {
            while (true) {
                hoard.add(pair.vault.secret(64));
            }
        } catch (VaultFullException full) {
            try {
                while (true) {
                    hoard.add(pair.vault.secret(32));
                }
            } catch (VaultFullException trulyFull) {
                assertNotNull(trulyFull.getMessage());
            }
        }
    }
}
