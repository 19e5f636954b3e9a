package konce.names.binding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.ledger.Actors;
import konce.names.ledger.Name;
import konce.names.ledger.Role;
import konce.names.ledger.Subject;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;

class ServerBindingTest {
    private static final Name LONG = new Name("a".repeat(Name.CHARS_MAX));

    /// Goal: the longest binding fits, has one encoding, and holds for its key, its ledger and its terms only.
    // = docs/spec/15-light-client.md R15.1 R15.2
    @Test
    void itHoldsForItsTermsOnly() {
        try (Actors actors = new Actors(31, 2);
                Vault vault = Vault.open(4_096);
                SecretKey key = SecretKey.generate(vault, actors.random())) {
            ServerBinding binding =
                    terms(key.publicKey(), 8, 0, ServerBinding.SECONDS_MAX).sign(actors.signing(0), Hash.ZERO);
            byte[] bytes = binding.encode();
            assertTrue(bytes.length <= ServerBinding.BYTES_MAX, bytes.length + " bytes");
            assertEquals(new Decoded.Value<>(binding), ServerBinding.decode(bytes));
            assertTrue(binding.isBy(actors.key(0), Hash.ZERO));
            assertFalse(binding.isBy(actors.key(1), Hash.ZERO));
            assertFalse(binding.isBy(actors.key(0), actors.salt()));
            for (int length = 0; length < bytes.length; length++) {
                assertInstanceOf(Decoded.Malformed.class, ServerBinding.decode(Arrays.copyOf(bytes, length)));
            }
            for (int at = 0; at < bytes.length; at++) {
                byte[] changed = bytes.clone();
                changed[at] ^= (byte) (1 << at % 8);
                if (ServerBinding.decode(changed) instanceof Decoded.Value<ServerBinding>(ServerBinding other)) {
                    assertNotEquals(binding, other);
                    assertArrayEquals(changed, other.encode());
                    assertFalse(other.isBy(actors.key(0), Hash.ZERO));
                }
            }
        }
    }

    // = docs/spec/15-light-client.md R15.1
    @Test
    void itIsBounded() {
        try (Actors actors = new Actors(32, 1);
                Vault vault = Vault.open(4_096);
                SecretKey key = SecretKey.generate(vault, actors.random())) {
            PublicKey server = key.publicKey();
            assertThrows(IllegalArgumentException.class, () -> terms(server, 9, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> terms(server, 1, 5, 4));
            assertThrows(IllegalArgumentException.class, () -> terms(server, 1, 0, ServerBinding.SECONDS_MAX + 1));
            List<Address> twice = List.of(Address.parse("192.0.2.7:1"), Address.parse("192.0.2.7:1"));
            List<Address> portless = List.of(Address.parse("192.0.2.7:0"));
            for (List<Address> bad : List.of(twice, portless)) {
                assertThrows(
                        IllegalArgumentException.class,
                        () -> new ServerBinding.Terms(LONG, 1, server, bad, null, 0, 1, 0));
            }
            assertEquals(Subject.TEXT_CHARS_MAX, new Role(LONG, LONG).toString().length());
        }
    }

    private static ServerBinding.Terms terms(PublicKey server, int addresses, long from, long until) {
        List<Address> places = new ArrayList<>();
        for (int i = 0; i < addresses; i++) {
            places.add(Address.parse("[2001:db8::" + i + "]:413"));
        }
        return new ServerBinding.Terms(new Role(LONG, LONG), 1, server, places, Hash.ZERO, from, until, Long.MAX_VALUE);
    }
}
