package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import konce.protocol.Address;
import konce.protocol.Allocation;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import konce.protocol.table.SipHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What address prefixes have cost.
final class AddressStandingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long NOW = 5 * SECOND;

    private static AddressStanding standing() {
        return new AddressStanding(new SipHash(4, 5), SECOND);
    }

    private static void charge(AddressStanding standing, Address address, int times) {
        for (int i = 0; i < times; i++) {
            standing.charge(NOW, address, 1);
        }
    }

    // = docs/spec/03-handshake.md R3.42
    /// Goal: a burden counts for the prefix of whoever made it, at every length, and for nobody else.
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7:1, 192.0.2.7:2, 64",
        "192.0.2.7:1, 192.0.2.8:1, 4",
        "192.0.2.7:1, 192.0.3.7:1, 1",
        "[2001:db8:1:1::1]:1, [2001:db8:1:1:ffff::]:9, 64",
        "[2001:db8:1:1::1]:1, [2001:db8:1:2::1]:1, 16",
        "[2001:db8:1:1::1]:1, [2001:db8:1:f001::1]:1, 4",
        "[2001:db8:1:1::1]:1, [2001:db8:2:1::1]:1, 1",
        "[::c000:207]:1, 192.0.2.7:1, 1"
    })
    void aPrefixIsAskedForWhatItCost(String burdening, String other, double factor) {
        AddressStanding standing = standing();
        charge(standing, Address.parse(burdening), 8 * Limits.STANDING_ALLOWANCE);
        assertEquals(factor, standing.factor(NOW, Address.parse(other)), 1e-3);
    }

    // = docs/spec/03-handshake.md R3.42
    /// Goal: within the allowance a factor is 1; burdens fade to a half in their half-life, and can be taken back.
    @Test
    void burdensFade() {
        AddressStanding standing = standing();
        Address address = Address.parse("192.0.2.7:1");
        assertEquals(1, standing.factor(NOW, address));
        charge(standing, address, Limits.STANDING_ALLOWANCE);
        assertEquals(1, standing.factor(NOW, address), 1e-3);
        charge(standing, address, Limits.STANDING_ALLOWANCE);
        assertEquals(4, standing.factor(NOW, address), 1e-3);
        assertEquals(1, standing.factor(NOW + Limits.STANDING_HALF_LIFE_NANOS, address), 0.02);
        standing.charge(NOW, address, -Limits.STANDING_ALLOWANCE / 2.0);
        assertEquals(2.25, standing.factor(NOW, address), 1e-3);
        standing.charge(NOW, address, -10.0 * Limits.STANDING_ALLOWANCE);
        assertEquals(1, standing.factor(NOW, address));
    }

    /// Goal, threats row 13: however many prefixes are charged, the table stays as it is, what is heavy stays in
    /// it, and
    /// nothing is allocated.
    @Test
    void threat13_theTableIsBounded() {
        AddressStanding standing = standing();
        Address heavy = Address.parse("192.0.2.7:1");
        charge(standing, heavy, 10 * Limits.STANDING_ALLOWANCE);
        Random chance = Seeds.random("standing", 5);
        for (int i = 0; i < 4 * Limits.STANDING_ENTRIES_MAX; i++) {
            standing.charge(NOW, new Address(chance.nextLong() | 1L << 60, 0, 1), 1);
        }
        assertEquals(100, standing.factor(NOW, heavy), 0.1);
        double[] sum = new double[1];
        assertEquals(0, Allocation.of(20_000, () -> {
            standing.charge(NOW, heavy, 1);
            sum[0] += standing.factor(NOW, heavy);
        }));
        assertTrue(sum[0] > 0);
    }
}
