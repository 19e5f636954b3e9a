package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.endpoint.ChannelStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStatusTest {
    private static final long NOW = 1_795_000_000_000L;

    @TempDir
    Path directory;

    private static PublicKey key() {
        try (Vault vault = Vault.open(4_096)) {
            return SecretKey.generate(vault, new SeededRandom(1)).publicKey();
        }
    }

    private static NodeStatus status(long pid, long atMillis) {
        PublicKey key = key();
        Address address = Address.parse("[2001:db8::7]:413");
        return new NodeStatus(
                pid,
                "echo \"quoted\"",
                atMillis,
                key,
                address,
                "epoll, GSO and GRO",
                new NodeStatistics(
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        7,
                        8,
                        9,
                        Map.of(DropReason.EMPTY, 10L, DropReason.BUSY, 11L),
                        12,
                        13,
                        14,
                        15,
                        16,
                        17,
                        18,
                        19,
                        20,
                        21,
                        22,
                        23,
                        24),
                List.of(
                        new ChannelStatus(
                                1, key, address, true, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, true),
                        new ChannelStatus(
                                2, null, address, false, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17,
                                true)));
    }

    /// Goal: no figure is lost or swapped on its way to another process. Method: a status whose figures all differ,
    /// written and read.
    @Test
    void survivesTheWayThroughJson() {
        NodeStatus status = status(77, NOW);
        assertEquals(status, NodeStatus.ofJson(status.toJson()));
    }

    /// Goal: a reader shows what is fresh and alive, and nothing else. Method: a fresh file, a stale one, one of a
    /// process
    /// that cannot be, one of rubbish, one of another version; and a directory that is not there.
    @Test
    void readsOnlyWhatIsFresh() throws Exception {
        long pid = ProcessHandle.current().pid();
        NodeStatus fresh = status(pid, NOW);
        Files.writeString(directory.resolve("1.json"), fresh.toJson());
        Files.writeString(
                directory.resolve("2.json"),
                status(pid, NOW - StatusReader.STALE_MILLIS - 1).toJson());
        Files.writeString(
                directory.resolve("3.json"), status(Long.MAX_VALUE, NOW).toJson());
        Files.writeString(directory.resolve("4.json"), "rubbish");
        Files.write(directory.resolve("5.json"), new byte[] {(byte) 0xFF, (byte) 0xFE});
        Files.writeString(directory.resolve("6.json"), fresh.toJson().replace("\"format\":2", "\"format\":1"));
        assertEquals(List.of(fresh), StatusReader.readAll(directory, NOW));
        assertEquals(List.of(), StatusReader.readAll(directory.resolve("none"), NOW));
    }

    /// Goal: only the owner may read a file made here, and a secret is never added to one that others may read.
    /// Method:
    /// look at the mode; widen it, and open again.
    @Test
    void makesFilesForTheOwnerAlone() throws Exception {
        Path file = directory.resolve("keys");
        new KeyLog(file).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String refusal = org.junit.jupiter.api.Assertions.assertThrows(
                        java.io.IOException.class, () -> new KeyLog(file))
                .getMessage();
        assertTrue(refusal.contains("0600"), refusal);
    }
}
