package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.ServerLoad;
import org.junit.jupiter.api.Test;

/// What a server asks of its clients, and whom it serves first, when more come than it can serve.
final class LoadTest {
    private static final ServerLoad LIVE = ServerLoad.LIVE;
    /// Hashes a second of a slow phone, of a laptop's core, of an attacker's hundred cores.
    private static final double PHONE = 5e5;

    private static final double LAPTOP = 3e6;
    private static final double FARM = 3e8;

    /// Honest clients, each from a prefix of its own.
    private static Supplier<Address> everywhere(LoadLab lab) {
        return () -> new Address(
                0x2001_0DB8_0000_0000L + ((long) lab.chance.nextInt(1 << 30) << 16), lab.chance.nextLong(), 50_000);
    }

    private static Supplier<Address> within48(LoadLab lab) {
        return () -> new Address(0x2A00_1234_5678_0000L | lab.chance.nextInt(1 << 16), lab.chance.nextLong(), 50_000);
    }

    // = docs/spec/03-handshake.md R3.40
    /// Goal: in peace nothing is asked. Method: ten clients a second for a minute.
    @Test
    void inPeaceNothingIsAsked() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 31)) {
            lab.visitors(100 * LoadLab.MILLI, everywhere(lab), PHONE);
            lab.run(60 * LoadLab.SECOND);
            lab.run(LoadLab.SECOND);
            assertEquals(0, lab.mostAsked());
            assertTrue(lab.connected() >= lab.visits.size() - 2, () -> lab.connected() + " connected");
        }
    }

    // = docs/spec/03-handshake.md R3.40
    /// Goal, threats row 18: effort rises within seconds when more come than can be served, finds its level without
    /// swinging wildly, and falls again. Method: a farm of a thousand addresses for a minute, then half a minute of
    /// peace.
    @Test
    void threat18_effortFollowsALoadThatSteps() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 32)) {
            Supplier<Address> honest = everywhere(lab);
            lab.visitors(100 * LoadLab.MILLI, honest, LAPTOP);
            for (int i = 0; i < 1_000; i++) {
                Address bot = honest.get();
                lab.flood(
                        () -> lab.nowNanos < 62 * LoadLab.SECOND ? bot : Address.parse("192.0.2.1:1"),
                        FARM / 1_000,
                        80 * LoadLab.MILLI);
            }
            lab.run(20 * LoadLab.SECOND);
            List<Long> efforts = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                lab.run(LoadLab.SECOND);
                efforts.add(lab.admission.effort());
            }
            System.out.println("efforts " + efforts + ", honest " + lab.connected() + " of " + lab.visits.size()
                    + ", 99th percentile " + lab.latency(0.99) / LoadLab.MILLI + " ms, served " + lab.served);
            long least = efforts.stream().mapToLong(Long::longValue).min().orElseThrow();
            long most = efforts.stream().mapToLong(Long::longValue).max().orElseThrow();
            assertTrue(least >= EffortController.STEP, () -> "it fell to " + least);
            assertTrue(most <= 8 * least, () -> "it swings from " + least + " to " + most);
            assertTrue(lab.connected() >= 0.95 * (lab.visits.size() - 10), () -> lab.connected() + " connected");
        }
    }

    // = docs/spec/03-handshake.md R3.42
    /// Goal, threats row 13: a flood of worked handshakes from one /48 pays for it, and nobody else does. Method: a
    /// farm that takes another address of its /48 for each handshake, for a minute; phones connect from elsewhere.
    @Test
    void threat13_aFloodFromOnePrefixDoesNotChangeWhatOthersAreAsked() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 33)) {
            lab.visitors(50 * LoadLab.MILLI, everywhere(lab), PHONE);
            Supplier<Address> bots = within48(lab);
            for (int i = 0; i < 64; i++) {
                lab.flood(bots, FARM / 64, 4 * LoadLab.MILLI);
            }
            lab.run(60 * LoadLab.SECOND);
            long asked = lab.admission.asked(lab.nowNanos, bots.get(), KnownKeys.NOBODY);
            System.out.println("others were asked " + lab.mostAsked() + " at most, the /48 now " + asked + ", served "
                    + lab.served + ", 99th percentile " + lab.latency(0.99) / LoadLab.MILLI + " ms");
            assertEquals(0, lab.mostAsked(), "the base effort is what others are asked throughout");
            assertTrue(asked > 16 * EffortController.STEP, () -> "the /48 is asked for " + asked);
            assertTrue(lab.connected() >= 0.99 * (lab.visits.size() - 5), () -> lab.connected() + " connected");
            assertTrue(lab.latency(0.99) < 500 * LoadLab.MILLI);
        }
    }

    // = docs/spec/03-handshake.md R3.43
    /// Goal, threats row 3: work that was cheap when it was done is late when it comes in bulk: a hoard of cookies
    /// from
    /// before the flood opens the door for an allowance of group operations and no more.
    @Test
    void threat3_stockpiledWorkIsRefused() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 34)) {
            Supplier<Address> bots = within48(lab);
            int taken = 0;
            for (int i = 0; i < 20_000; i++) {
                Address from = bots.get();
                // the cookie asked for nothing: nobody was there when it was given out
                if (lab.admission.check(lab.nowNanos, from, KnownKeys.NOBODY, 0) == DropReason.NONE) {
                    lab.admission.add(lab.nowNanos, lab.agreement(from, 0));
                    taken++;
                }
            }
            int accepted = taken;
            assertTrue(taken <= 8 * Limits.STANDING_ALLOWANCE + 2, () -> accepted + " of 20,000");
        }
    }

    // = docs/spec/03-handshake.md R3.42
    /// Goal, threats row 14: two hundred honest clients and one attacker behind one address: at least 99 % connect.
    @Test
    void threat14_aCrowdBehindOneAddressIsNotLockedOut() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 35)) {
            Address shared = Address.parse("198.51.100.7:40000");
            lab.flood(() -> shared, LAPTOP * 4, LoadLab.MILLI);
            lab.run(30 * LoadLab.SECOND);
            for (int i = 0; i < 200; i++) {
                lab.at(lab.nowNanos + i * (5 * LoadLab.MILLI), () -> lab.visit(shared, PHONE));
            }
            lab.run(30 * LoadLab.SECOND);
            System.out.println("behind one address " + lab.connected() + " of 200, asked " + lab.mostAsked()
                    + " at most, 99th percentile " + lab.latency(0.99) / LoadLab.MILLI + " ms");
            assertTrue(lab.connected() >= 198, () -> lab.connected() + " of 200");
        }
    }

    // = docs/spec/03-handshake.md R3.41
    /// Goal, threats row 7: who cannot do much work is served all the same: effort orders the queue, it is no gate.
    /// Method: bots from everywhere with a hundred cores for a minute; phones connect.
    @Test
    void threat7_phonesConnectUnderALoadFromEverywhere() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 36)) {
            Supplier<Address> everywhere = everywhere(lab);
            for (int i = 0; i < 256; i++) {
                lab.flood(everywhere, FARM / 256, 20 * LoadLab.MILLI);
            }
            lab.run(10 * LoadLab.SECOND);
            lab.visitors(100 * LoadLab.MILLI, everywhere, PHONE);
            lab.run(60 * LoadLab.SECOND);
            System.out.println("phones " + lab.connected() + " of " + lab.visits.size() + ", asked " + lab.mostAsked()
                    + " at most, 99th percentile " + lab.latency(0.99) / LoadLab.MILLI + " ms");
            assertTrue(lab.connected() >= 0.9 * (lab.visits.size() - 10), () -> lab.connected() + " connected");
        }
    }

    // = docs/spec/03-handshake.md R3.41
    /// Goal: the highest bid first, the oldest among equals; when it is full the lower half goes.
    @Test
    void theQueueIsInOrderOfBids() {
        try (LoadLab lab = new LoadLab(LIVE, 1, 37)) {
            List<ServerAgreement> gone = new ArrayList<>();
            AgreementQueue queue = new AgreementQueue(gone::add);
            List<ServerAgreement> all = new ArrayList<>();
            for (int i = 0; i < Limits.AGREEMENTS_PENDING_MAX + 100; i++) {
                ServerAgreement one = lab.agreement(Address.parse("192.0.2.1:1"), 0);
                one.rank(lab.chance.nextInt(50), false, i);
                all.add(one);
                queue.add(one);
            }
            assertEquals(Limits.AGREEMENTS_PENDING_MAX / 2, gone.size());
            all.removeAll(gone);
            long worst = all.subList(0, Limits.AGREEMENTS_PENDING_MAX / 2).stream()
                    .mapToLong(ServerAgreement::bid)
                    .min()
                    .orElseThrow();
            assertTrue(gone.stream().allMatch(each -> each.bid() <= worst));
            all.sort(Comparator.comparingLong(ServerAgreement::bid)
                    .reversed()
                    .thenComparingLong(ServerAgreement::order));
            for (ServerAgreement expected : all) {
                assertEquals(expected, queue.poll());
            }
            assertNull(queue.poll());
        }
    }

    // = docs/spec/03-handshake.md R3.40
    /// Goal: floor and ceiling hold, and with both the same nobody is asked for more than another.
    @Test
    void floorAndCeilingHold() {
        for (ServerLoad load : List.of(ServerLoad.fixed(0), ServerLoad.fixed(700), ServerLoad.between(100, 5_000))) {
            try (LoadLab lab = new LoadLab(load, 1, 38)) {
                assertEquals(load.effortFloor(), lab.admission.effort());
                Supplier<Address> bots = within48(lab);
                for (int i = 0; i < 64; i++) {
                    lab.flood(bots, FARM, 4 * LoadLab.MILLI);
                }
                lab.visitors(100 * LoadLab.MILLI, within48(lab), FARM);
                for (int i = 0; i < 100; i++) {
                    lab.run(100 * LoadLab.MILLI);
                    long asked = lab.admission.asked(lab.nowNanos, bots.get(), KnownKeys.NOBODY);
                    assertTrue(asked >= load.effortFloor() && asked <= load.effortCeiling(), () -> "asked " + asked);
                }
            }
        }
    }
}
