package konce.protocol.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// The records of peers at rest.
final class PresenceTableTest {
    private static final Address ADDRESS = Address.parse("192.0.2.7:413");
    private static final long MEGABYTE = 1_000_000;

    private final Vault vault = Vault.open(1 << 14);
    private final SeededRandom random = new SeededRandom(3);
    private final Secret send = Secret.random(vault, random, 32);
    private final Secret receive = Secret.random(vault, random, 32);

    private PublicKey peer() {
        try (SecretKey key = SecretKey.generate(vault, random)) {
            return key.publicKey();
        }
    }

    private PresenceTable.Keys keys(long id) {
        return new PresenceTable.Keys(id, ~id, send, receive);
    }

    // = docs/spec/01-notation.md R1.2
    /// Goal: the indices find what is there and nothing else, whatever is put in and taken out. Method: a few
    /// thousand
    /// random changes, beside a map.
    @Test
    void theIndicesFindWhatIsThere() {
        Random chance = Seeds.random("presences", 17);
        PublicKey peer = peer();
        try (PresenceTable table = new PresenceTable(64, 9)) {
            Map<Long, Long> idByOwner = new HashMap<>();
            for (int i = 0; i < 5_000; i++) {
                long owner = chance.nextInt(100);
                if (chance.nextBoolean() && idByOwner.containsKey(owner)) {
                    table.remove(table.find(peer, owner));
                    idByOwner.remove(owner);
                } else if (idByOwner.size() < 64 || idByOwner.containsKey(owner)) {
                    long id = chance.nextLong();
                    assertTrue(table.add(0, peer, owner, ADDRESS, keys(id)) >= 0);
                    idByOwner.put(owner, id);
                } else {
                    assertEquals(-1, table.add(0, peer, owner, ADDRESS, keys(chance.nextLong())), "full");
                }
                assertEquals(idByOwner.size(), table.size());
                for (long each = 0; each < 100; each++) {
                    int record = table.find(peer, each);
                    assertEquals(idByOwner.containsKey(each), record >= 0);
                    if (record >= 0) {
                        assertEquals(idByOwner.get(each), table.localId(record));
                        assertEquals(record, table.findById(table.localId(record)));
                        assertEquals(peer, table.peer(record));
                        assertEquals(ADDRESS, table.remote(record));
                    }
                }
            }
        }
    }

    // = docs/spec/08-presence.md R8.4
    /// Goal: each packet number once, and none that is more than 64 behind. Method: random numbers beside a set.
    @Test
    void eachPacketNumberCountsOnce() {
        Random chance = Seeds.random("presence numbers", 18);
        try (PresenceTable table = new PresenceTable(1, 9)) {
            int record = table.add(0, peer(), 0, ADDRESS, keys(5));
            java.util.Set<Long> seen = new java.util.HashSet<>();
            long newest = 0;
            for (int i = 0; i < 20_000; i++) {
                long number = Math.max(1, newest + chance.nextInt(100) - 80);
                boolean fresh = number > newest - 65 && !seen.contains(number);
                assertEquals(fresh, table.receive(record, number), "number " + number + " after " + newest);
                seen.add(number);
                newest = Math.max(newest, number);
            }
        }
    }

    /// Goal: a peer that was silent for a quarter of an hour makes room, one that was not does not.
    @Test
    void theSilentMakeRoom() {
        PublicKey peer = peer();
        try (PresenceTable table = new PresenceTable(4, 9)) {
            for (int owner = 0; owner < 4; owner++) {
                assertTrue(table.add(owner, peer, owner, ADDRESS, keys(owner + 1)) >= 0);
            }
            assertEquals(-1, table.add(Limits.PRESENCE_IDLE_NANOS_MIN - 1, peer, 9, ADDRESS, keys(9)));
            assertTrue(table.add(Limits.PRESENCE_IDLE_NANOS_MIN, peer, 9, ADDRESS, keys(9)) >= 0);
            assertFalse(table.find(peer, 0) >= 0, "the oldest");
            assertTrue(table.find(peer, 1) >= 0);
            assertEquals(4, table.size());
        }
    }

    /// Goal, the bar of a million: they take less than 300 MB of resident memory, and each is found.
    @Test
    @EnabledOnOs(OS.LINUX)
    void aMillionTakeLessThan300Megabytes() throws IOException {
        int million = 1_000_000;
        PublicKey peer = peer();
        long before = resident();
        try (PresenceTable table = new PresenceTable(million, 9)) {
            for (long owner = 1; owner <= million; owner++) {
                assertTrue(table.add(0, peer, owner, ADDRESS, keys(owner)) >= 0);
            }
            long after = resident();
            System.out.println("a million presences: " + (after - before) / MEGABYTE + " MB more resident memory");
            assertTrue(after - before < 300 * MEGABYTE, () -> (after - before) / MEGABYTE + " MB");
            for (long owner = 1; owner <= million; owner += 997) {
                assertEquals(table.find(peer, owner), table.findById(owner));
            }
        }
    }

    private static long resident() throws IOException {
        System.gc();
        String kilobytes = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElseThrow()
                .replaceAll("\\D", "");
        return Long.parseLong(kilobytes) * 1_024;
    }
}
