package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Goal: OpenSSL seals and opens as libsodium does, bit for bit, whatever the length. Method: one key in both; each
/// opens
/// what the other sealed. Where the system has no OpenSSL 3 there is nothing to compare.
class FastChaChaTest {
    private static final int TAG = 16;
    private static final int LONGEST = 65_000;

    private final Random random = Bytes.random("OpenSSL beside libsodium");
    private final MemorySegment key = Bytes.of(Bytes.random(random, 32));
    private final MemorySegment nonce = Bytes.of(Bytes.random(random, 12));
    private final MemorySegment scratch = Bytes.zero(4);
    private long context;

    @BeforeEach
    void onlyWhereThereIsOpenSsl() {
        assumeTrue(FastChaCha.PRESENT, "the system has no OpenSSL 3");
        context = FastChaCha.of(key.address());
    }

    @AfterEach
    void giveBack() {
        if (context != 0) {
            FastChaCha.free(context);
        }
    }

    @Test
    void everyShortLengthIsLibsodiums() {
        for (int bodyBytes = 0; bodyBytes <= 2_000; bodyBytes++) {
            compare(bodyBytes % 40, bodyBytes);
        }
    }

    @Test
    void longPacketsAreLibsodiums() {
        for (int i = 0; i < Bytes.CASES / 10; i++) {
            compare(random.nextInt(40), random.nextInt(LONGEST));
        }
    }

    @Test
    void whatWasChangedIsRefusedAndLeavesNothing() {
        for (int i = 0; i < Bytes.CASES / 4; i++) {
            int headerBytes = 1 + random.nextInt(20);
            int bodyBytes = 1 + random.nextInt(3_000);
            MemorySegment packet = Bytes.of(Bytes.random(random, headerBytes + bodyBytes + TAG));
            seal(packet, headerBytes, bodyBytes);
            long at = random.nextInt(headerBytes + bodyBytes + TAG);
            byte was = packet.get(ValueLayout.JAVA_BYTE, at);
            packet.set(ValueLayout.JAVA_BYTE, at, (byte) (was ^ (1 << random.nextInt(8))));
            MemorySegment before = Bytes.zero(packet.byteSize()).copyFrom(packet);
            assertFalse(open(packet, headerBytes, bodyBytes));
            assertEquals(-1, packet.asSlice(headerBytes, bodyBytes).mismatch(Bytes.zero(bodyBytes)));
            assertEquals(-1, packet.asSlice(0, headerBytes).mismatch(before.asSlice(0, headerBytes)));
            assertEquals(-1, packet.asSlice(headerBytes + bodyBytes).mismatch(before.asSlice(headerBytes + bodyBytes)));
        }
    }

    @Test
    void aRefusalSpoilsNothingThatFollows() {
        MemorySegment forged = Bytes.of(Bytes.random(random, 1_000));
        assertFalse(open(forged, 10, 1_000 - 10 - TAG));
        compare(10, 1_000);
    }

    private void compare(int headerBytes, int bodyBytes) {
        MemorySegment plain = Bytes.of(Bytes.random(random, headerBytes + bodyBytes + TAG));
        MemorySegment ours = Bytes.zero(plain.byteSize()).copyFrom(plain);
        MemorySegment theirs = Bytes.zero(plain.byteSize()).copyFrom(plain);
        nonce.set(ValueLayout.JAVA_INT, 4, random.nextInt());
        seal(ours, headerBytes, bodyBytes);
        long header = theirs.address();
        long body = header + headerBytes;
        Sodium.aeadChachaSeal(
                body, body + bodyBytes, 0, body, bodyBytes, header, headerBytes, 0, nonce.address(), key.address());
        assertEquals(-1, ours.mismatch(theirs), bodyBytes + " bytes");
        assertTrue(open(theirs, headerBytes, bodyBytes), bodyBytes + " bytes");
        assertEquals(
                -1, theirs.asSlice(0, headerBytes + bodyBytes).mismatch(plain.asSlice(0, headerBytes + bodyBytes)));
    }

    private void seal(MemorySegment packet, int headerBytes, int bodyBytes) {
        FastChaCha.seal(context, packet.address(), headerBytes, bodyBytes, nonce.address(), scratch.address());
    }

    private boolean open(MemorySegment packet, int headerBytes, int bodyBytes) {
        return FastChaCha.open(context, packet.address(), headerBytes, bodyBytes, nonce.address(), scratch.address());
    }
}
