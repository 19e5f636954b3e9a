package konce.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.node.PeerRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an application knows of its peers, on disk.
final class SqlPeerRecordsTest {
    private final SeededRandom random = new SeededRandom(12);

    @TempDir
    private Path folder;

    private PublicKey peer() {
        try (Vault vault = Vault.open(4_096);
                SecretKey key = SecretKey.generate(vault, random)) {
            return key.publicKey();
        }
    }

    /// Goal: a record outlives the process that wrote it, is replaced and taken away, and is nobody else's.
    @Test
    void recordsOutliveTheirProcess() {
        Path file = folder.resolve("peers.db");
        PublicKey alice = peer();
        PublicKey bob = peer();
        byte[] record = {1, 2, 3};
        try (SqlPeerRecords records = SqlPeerRecords.open(file)) {
            assertNull(records.find(alice));
            records.put(alice, record);
            records.put(bob, new byte[] {9});
        }
        try (SqlPeerRecords records = SqlPeerRecords.open(file)) {
            assertArrayEquals(record, records.find(alice));
            records.put(alice, new byte[0]);
            assertArrayEquals(new byte[0], records.find(alice));
            records.put(alice, null);
            assertNull(records.find(alice));
            assertArrayEquals(new byte[] {9}, records.find(bob));
            assertEquals(1, records.count());
        }
    }

    /// Goal: what is too long is refused and changes nothing; so is a place that cannot be opened.
    @Test
    void whatCannotBeKeptIsRefused() {
        PublicKey alice = peer();
        try (SqlPeerRecords records = SqlPeerRecords.open(folder.resolve("peers.db"))) {
            byte[] longest = new byte[PeerRecords.BYTES_MAX];
            records.put(alice, longest);
            byte[] longer = new byte[PeerRecords.BYTES_MAX + 1];
            assertThrows(IllegalArgumentException.class, () -> records.put(alice, longer));
            assertArrayEquals(longest, records.find(alice));
        }
        assertThrows(IllegalStateException.class, () -> SqlPeerRecords.open(folder.resolve("no/such/folder/peers.db")));
    }

    /// Goal: records in memory keep to the same contract, and to their number.
    @Test
    void recordsInMemoryAreBounded() {
        PeerRecords records = PeerRecords.inMemory(1);
        PublicKey alice = peer();
        records.put(alice, new byte[] {1});
        records.put(alice, new byte[] {2});
        assertArrayEquals(new byte[] {2}, records.find(alice));
        PublicKey bob = peer();
        assertThrows(IllegalStateException.class, () -> records.put(bob, new byte[] {1}));
        records.put(alice, null);
        records.put(bob, new byte[] {3});
        assertNull(records.find(alice));
    }
}
