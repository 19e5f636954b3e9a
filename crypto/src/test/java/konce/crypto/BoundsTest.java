package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Goal: no offset or length reaches libsodium unchecked. Method: every function that takes a segment is given places
/// that end one byte too far, begin before the start, or wrap around; and segments that are not its to use.
class BoundsTest {
    private static final int SIZE = 200;

    private final Vault vault = Vault.open(1 << 14);
    private final MemorySegment memory = Bytes.zero(SIZE);
    private final MemorySegment out = Bytes.zero(64);

    @AfterEach
    void allSecretsWereClosed() {
        assertEquals(0, vault.secretsLive());
        vault.close();
    }

    @Test
    void packetsStayInside() {
        for (Suite suite : Suite.values()) {
            try (Secret traffic = vault.secret(32);
                    PacketKey key = PacketKey.derive(vault, suite, traffic)) {
                int tag = suite.tagBytes();
                refused(
                        () -> key.seal(memory, 1, 20, SIZE - 20 - tag, 1),
                        () -> key.seal(memory, -1, 20, 20, 1),
                        () -> key.seal(memory, 0, -1, 20, 1),
                        () -> key.seal(memory, 0, 20, -1, 1),
                        () -> key.seal(memory, 0, Integer.MAX_VALUE, Integer.MAX_VALUE, 1),
                        () -> key.seal(memory, 0, Integer.MAX_VALUE - 1, Integer.MAX_VALUE - 1, 1),
                        () -> key.seal(memory, Long.MAX_VALUE, 20, 20, 1),
                        () -> key.seal(memory, Long.MIN_VALUE, 20, 20, 1),
                        () -> key.open(memory, 1, 20, SIZE - 20, 1),
                        () -> key.open(memory, -1, 20, 20, 1),
                        () -> key.open(memory, 0, -1, 20, 1),
                        () -> key.open(memory, 0, 20, -1, 1),
                        () -> key.open(memory, Long.MAX_VALUE, 20, 50, 1),
                        () -> key.open(memory, 0, Integer.MAX_VALUE - 1, Integer.MAX_VALUE - 1, 1),
                        () -> key.headerMask(memory, SIZE - 15),
                        () -> key.headerMask(memory, -1),
                        () -> key.headerMask(memory, Long.MAX_VALUE));
            }
        }
    }

    @Test
    void hashesAndTagsStayInside() {
        try (Secret key = vault.secret(32);
                StateCookieKey cookies = StateCookieKey.generate(vault, new SeededRandom(1));
                Hasher hasher = new Hasher(32)) {
            refused(
                    () -> Blake2b.hash(memory, 1, SIZE, out, 0, 32),
                    () -> Blake2b.hash(memory, 0, -1, out, 0, 32),
                    () -> Blake2b.hash(memory, -1, 10, out, 0, 32),
                    () -> Blake2b.hash(memory, Long.MAX_VALUE, Long.MAX_VALUE, out, 0, 32),
                    () -> Blake2b.hash(memory, 0, SIZE, out, 33, 32),
                    () -> Blake2b.hash(key, memory, 1, SIZE, out, 0, 32),
                    () -> Blake2b.hash(key, memory, 0, SIZE, out, -1, 32),
                    () -> hasher.update(memory, 1, SIZE),
                    () -> hasher.update(memory, 0, -1),
                    () -> hasher.finish(out, 33),
                    () -> Poly1305.tag(memory, SIZE - 31, memory, 0, 10, out, 0),
                    () -> Poly1305.tag(memory, 0, memory, 1, SIZE, out, 0),
                    () -> Poly1305.tag(memory, 0, memory, 0, 10, out, 49),
                    () -> Poly1305.verify(memory, SIZE - 31, memory, 0, 10, out, 0),
                    () -> Poly1305.verify(memory, 0, memory, 0, -1, out, 0),
                    () -> Poly1305.verify(memory, 0, memory, 0, 10, out, 49),
                    () -> cookies.block(1, out, 1),
                    () -> cookies.block(1, out, -1),
                    () -> PublicKey.decode(memory, SIZE - 31),
                    () -> PublicKey.decode(memory, -1),
                    () -> VerifyingKey.decode(memory, SIZE - 31));
        }
    }

    @Test
    void wholeSegmentsHaveTheRightLength() {
        try (Secret key = vault.secret(32);
                Secret brief = vault.secret(31);
                SigningKey signing = SigningKey.generate(vault, new SeededRandom(1))) {
            RandomSource random = new SeededRandom(1);
            PassphraseKey.Cost cost = new PassphraseKey.Cost(1, PassphraseKey.Cost.MEMORY_BYTES_MIN);
            for (Executable call : List.<Executable>of(
                    () -> SecretBox.seal(key, random, memory, Bytes.zero(SIZE + 39)),
                    () -> SecretBox.seal(brief, random, memory, Bytes.zero(SIZE + 40)),
                    () -> SecretBox.open(key, memory, Bytes.zero(SIZE - 41)),
                    () -> SecretBox.open(key, Bytes.zero(39), Bytes.zero(1).asSlice(1)),
                    () -> SecretBox.open(brief, memory, Bytes.zero(SIZE - 40)),
                    () -> PassphraseKey.derive(vault, memory, Bytes.zero(15), cost),
                    () -> signing.sign(memory, Bytes.zero(63)),
                    () -> signing.verifyingKey().verify(memory, Bytes.zero(65)),
                    () -> SigningKey.fromSeed(vault, brief),
                    () -> Blake2b.hash(memory, 0, 1, out, 0, 0),
                    () -> Blake2b.hash(memory, 0, 1, out, 0, 65))) {
                assertThrows(IllegalArgumentException.class, call);
            }
        }
    }

    @Test
    void onlyLiveNativeSegmentsOfThisThreadAreTaken() throws InterruptedException {
        MemorySegment heap = MemorySegment.ofArray(new byte[64]);
        assertThrows(IllegalArgumentException.class, () -> Blake2b.hash(heap, 0, 64, out, 0, 32));
        assertThrows(IllegalArgumentException.class, () -> Blake2b.hash(memory, 0, 64, heap, 0, 32));
        assertThrows(IllegalArgumentException.class, () -> Blake2b.hash(memory, 0, 64, out.asReadOnly(), 0, 32));
        MemorySegment closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = arena.allocate(64);
        }
        assertThrows(IllegalStateException.class, () -> Blake2b.hash(closed, 0, 64, out, 0, 32));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ours = arena.allocate(64);
            FutureTask<Object> elsewhere = new FutureTask<>(() -> {
                Blake2b.hash(ours, 0, 64, out, 0, 32);
                return "hashed";
            });
            Thread.ofPlatform().start(elsewhere).join();
            ExecutionException refusal = assertThrows(ExecutionException.class, elsewhere::get);
            assertInstanceOf(WrongThreadException.class, refusal.getCause());
        }
    }

    private static void refused(Executable... calls) {
        for (int i = 0; i < calls.length; i++) {
            assertThrows(IndexOutOfBoundsException.class, calls[i], "call " + i);
        }
    }
}
