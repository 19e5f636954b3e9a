package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import konce.crypto.Blake2b;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.protocol.wire.Init;
import konce.protocol.wire.ProcessTag;

/// By what a server's processes tell each other's INIT-ACKs, although none outlives itself: a number of this process,
/// and a proof under a key that follows from the durable key and is the same in all of them.
///
/// The proof is bound to the client random, so that nobody but a process of this server can make a client show a tag
/// that counts.
///
/// - error: never throws, never allocates after construction
/// - source: docs/spec/03-handshake.md, section 11
final class ProcessTags implements AutoCloseable {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// All of a client random but the byte that counts its INITs.
    private static final int ATTEMPT_BYTES = Init.CLIENT_RANDOM_BYTES - 1;

    private static final int PROOF_BYTES = 8;

    private final MemorySegment covered = Arena.ofAuto().allocate(ATTEMPT_BYTES + Long.BYTES);
    private final MemorySegment proof = Arena.ofAuto().allocate(PROOF_BYTES);
    private final Secret key;
    private final long number;

    ProcessTags(Vault vault, SecretKey durable, RandomSource random) {
        key = durable.derive(vault, "process tags", Secret.BYTES_MAX / 2);
        number = random.nextLong();
    }

    /// The number of this process.
    long number() {
        return number;
    }

    /// What proves that the process `of` answered a client random.
    long proof(long of, MemorySegment clientRandom, long offset) {
        MemorySegment.copy(clientRandom, offset, covered, 0, ATTEMPT_BYTES);
        covered.set(LONG, ATTEMPT_BYTES, of);
        Blake2b.hash(key, covered, 0, covered.byteSize(), proof, 0, PROOF_BYTES);
        return proof.get(LONG, 0);
    }

    // = docs/spec/03-handshake.md R3.32
    /// Whether any of the tags that a client shows is another process's of this server, which answered it in this
    /// attempt.
    boolean namesAnother(List<ProcessTag> shown, MemorySegment clientRandom) {
        for (ProcessTag tag : shown) {
            if (tag.number() != number && tag.proof() == proof(tag.number(), clientRandom, 0)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        key.close();
    }
}
