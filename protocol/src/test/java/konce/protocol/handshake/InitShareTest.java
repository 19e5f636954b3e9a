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

/// Whose INITs are answered when more come than can be.
final class InitShareTest {
    private static final long SECOND = 1_000_000_000L;

    private int inAll;
    private final InitShare share = new InitShare(new SipHash(1, 2), 0);

    private static Address honest(Random chance) {
        return new Address(0x2001_0DB8_0000_0000L + ((long) chance.nextInt(1 << 30) << 16), chance.nextLong(), 50_000);
    }

    /// A second of a flood, evenly spread, with an honest INIT every five milliseconds.
    ///
    /// @return the share of the honest that is answered in its second half, when the allowance has settled
    private double flood(int perSecond, int prefixes, boolean ipv6) {
        Random chance = Seeds.random("init share", prefixes);
        int asked = 0;
        int answered = 0;
        for (int i = 0; i < perSecond; i++) {
            long now = i * (SECOND / perSecond);
            int prefix = chance.nextInt(prefixes);
            Address bot = ipv6
                    ? new Address(0x2A00_0000_0000_0000L + ((long) prefix << 16), chance.nextLong(), 1)
                    : Address.of(new byte[] {10, (byte) (prefix >> 8), (byte) prefix, (byte) chance.nextInt(256)}, 1);
            inAll += share.admits(now, bot) ? 1 : 0;
            if (i % (perSecond / 200) == 0) {
                boolean admitted = share.admits(now, honest(chance));
                asked += now > SECOND / 2 ? 1 : 0;
                answered += now > SECOND / 2 && admitted ? 1 : 0;
            }
        }
        return (double) answered / asked;
    }

    // = docs/spec/03-handshake.md R3.60
    /// Goal: in peace everybody is answered, also a crowd behind one address. Method: 10,000 a second from one, and
    /// a burst.
    @Test
    void inPeaceEverybodyIsAnswered() {
        Address one = Address.parse("192.0.2.1:1");
        for (int i = 0; i < 10_000; i++) {
            assertTrue(share.admits(i * (SECOND / 10_000), one));
        }
        for (int i = 0; i < 4 * Limits.INITS_PER_WINDOW; i++) {
            assertTrue(share.admits(SECOND, one));
        }
        assertTrue(share.allowance() > Limits.INITS_PER_WINDOW);
    }

    // = docs/spec/03-handshake.md R3.60
    /// Goal: a flood of half a million a second from few prefixes, or from hundreds, keeps nobody else from an
    /// answer.
    @Test
    void aFloodFromSomePrefixesCostsOthersNothing() {
        assertEquals(1, flood(500_000, 1, false));
        assertEquals(1, flood(500_000, 128, true));
        assertTrue(flood(500_000, 512, false) > 0.95);
    }

    // = docs/spec/03-handshake.md R3.60
    /// Goal: addresses from everywhere: then nobody can be told from anybody; answers go on at the rate there is,
    /// and no
    /// faster.
    @Test
    void aFloodFromEverywhereIsAnsweredInPart() {
        double answered = flood(500_000, 1 << 16, true);
        assertTrue(answered > 0.02, () -> answered + " of the honest");
        assertTrue(inAll < 100 * 3 * Limits.INITS_PER_WINDOW, () -> inAll + " in a second");
    }

    // = docs/spec/03-handshake.md R3.60
    /// Goal: when the flood is over, the next second knows nothing of it.
    @Test
    void itIsForgotten() {
        flood(500_000, 64, false);
        assertTrue(share.allowance() < 64);
        Address bot = Address.parse("10.0.0.1:1");
        for (long now = SECOND; now < 2 * SECOND; now += SECOND / 1_000) {
            share.admits(now, bot);
        }
        assertTrue(share.allowance() > Limits.INITS_PER_WINDOW);
    }

    // = docs/spec/03-handshake.md R3.4
    @Test
    void nothingIsAllocated() {
        Address one = Address.parse("192.0.2.1:1");
        long[] now = {0};
        assertEquals(0, Allocation.of(10_000, () -> share.admits(now[0] += 1_000, one)));
    }
}
