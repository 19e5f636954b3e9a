package konce.registry.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockLogTest {
    private static final byte[] IDENTITY = new byte[BlockLog.IDENTITY_BYTES];

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = directory.resolve("blocks");
        BlockLog.create(file, IDENTITY);
    }

    private BlockLog open() throws IOException {
        return BlockLog.open(file, IDENTITY, said::add);
    }

    private void append(byte[]... records) throws IOException {
        try (BlockLog log = open()) {
            for (byte[] record : records) {
                log.append(record);
                log.force();
            }
        }
    }

    private static byte[] record(int bytes, int seed) {
        byte[] record = new byte[bytes];
        new Random(seed).nextBytes(record);
        return record;
    }

    /// Goal: what was appended is read again, in this run and the next, and the log goes on where it stopped.
    @Test
    void keepsRecordsInOrder() throws IOException {
        append(record(1, 1), record(5_000, 2));
        append(record(700, 3));
        try (BlockLog log = open()) {
            assertEquals(3, log.count());
            assertArrayEquals(record(1, 1), log.read(0));
            assertArrayEquals(record(5_000, 2), log.read(1));
            assertArrayEquals(record(700, 3), log.read(2));
            assertThrows(IllegalArgumentException.class, () -> log.read(3));
            assertThrows(IllegalArgumentException.class, () -> log.append(new byte[0]));
            assertThrows(IllegalArgumentException.class, () -> log.append(new byte[BlockLog.RECORD_BYTES_MAX + 1]));
        }
        assertEquals(List.of(), said, "a whole log gives nothing to say");
    }

    /// Goal: a log cut anywhere inside its last record opens with all the others, says so, and takes new ones.
    @Test
    void tornAtEveryByteOfTheTail() throws IOException {
        append(record(40, 1), record(50, 2));
        int before = (int) Files.size(file);
        append(record(300, 3));
        byte[] whole = Files.readAllBytes(file);
        for (int length = before + 1; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            opensWithTwo("cut at byte " + length);
        }
    }

    /// Goal: the same where the file has its length already, but its last sectors never reached the disk. Method: a
    /// last record across several sectors; everything from each sector's start on is zeros.
    @Test
    void tornAtEverySectorOfTheTail() throws IOException {
        append(record(40, 1), record(300, 2));
        int before = (int) Files.size(file);
        append(record(3_000, 3));
        byte[] whole = Files.readAllBytes(file);
        for (int start = before; start < whole.length; start = (start / 512 + 1) * 512) {
            byte[] torn = whole.clone();
            Arrays.fill(torn, start, torn.length, (byte) 0);
            Files.write(file, torn);
            opensWithTwo("zeros from byte " + start);
        }
    }

    private void opensWithTwo(String how) throws IOException {
        said.clear();
        append(record(60, 4));
        assertEquals(1, said.size(), how);
        assertTrue(said.getFirst().contains("cut off: 2 blocks are whole"), how + ": " + said);
        try (BlockLog log = open()) {
            assertEquals(3, log.count(), how);
            assertArrayEquals(record(60, 4), log.read(2), how);
        }
    }

    /// Goal: a log of which any byte of a whole record, or of its head, changed is refused, and stays as it is.
    /// R16.10
    @Test
    void damageAnywhereIsRefused() throws IOException {
        append(record(40, 1), record(50, 2), record(30, 3));
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            for (int change : new int[] {1, 0x80, 0xFF}) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) change;
                Files.write(file, damaged);
                DamagedLogException refused =
                        assertThrows(DamagedLogException.class, this::open, "byte " + at + " changed by " + change);
                assertTrue(String.valueOf(refused.getMessage()).contains("blocks"), refused::toString);
                assertArrayEquals(damaged, Files.readAllBytes(file), "a refused log is not touched");
            }
        }
        assertEquals(List.of(), said);
    }

    /// Goal: records that changed places are damage too.
    @Test
    void recordsInEachOthersPlaceAreRefused() throws IOException {
        int head = (int) Files.size(file);
        append(record(40, 1), record(40, 2));
        byte[] whole = Files.readAllBytes(file);
        int length = (whole.length - head) / 2;
        byte[] swapped = whole.clone();
        System.arraycopy(whole, head + length, swapped, head, length);
        System.arraycopy(whole, head, swapped, head + length, length);
        Files.write(file, swapped);
        assertThrows(DamagedLogException.class, this::open);
    }

    /// Goal: a record that is damaged while the log is open is never handed out.
    @Test
    void damageUnderWayIsNeverReadOut() throws IOException {
        append(record(40, 1));
        try (BlockLog log = open()) {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 10] ^= 1;
            Files.write(file, bytes);
            assertThrows(DamagedLogException.class, () -> log.read(0));
        }
    }

    /// Goal: another ledger's log, a second writer and a second beginning are refused.
    @Test
    void oneLedgerOneWriterOneBeginning() throws IOException {
        byte[] other = IDENTITY.clone();
        other[3] = 1;
        assertThrows(DamagedLogException.class, () -> BlockLog.open(file, other, said::add));
        try (BlockLog _ = open()) {
            assertTrue(assertThrows(IOException.class, this::open).toString().contains("one writer"));
        }
        assertThrows(FileAlreadyExistsException.class, () -> BlockLog.create(file, IDENTITY));
    }
}
