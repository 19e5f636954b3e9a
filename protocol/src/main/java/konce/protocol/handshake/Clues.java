package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.Vault;
import org.jspecify.annotations.Nullable;

/// A client's clues: of its invitation, or random where it has none, so that nobody else can tell the two apart.
///
/// - source: docs/spec/17-private-groups.md, section 2
final class Clues implements AutoCloseable {
    private final boolean member;
    private final MemorySegment keys = Arena.ofAuto().allocate(ClueKeys.BYTES);
    private final MemorySegment scratch = ClueKeys.scratch();
    private final RandomSource random;

    /// @param invitation null: none
    Clues(Vault vault, RandomSource random, @Nullable Secret invitation) {
        this.random = random;
        member = invitation != null;
        if (invitation != null) {
            ClueKeys.derive(vault, invitation, keys, 0);
        }
    }

    // = docs/spec/17-private-groups.md R17.1
    /// The clue of an INIT whose client random stands in it.
    long init(MemorySegment init) {
        return member ? ClueKeys.init(keys, 0, init) : random();
    }

    // = docs/spec/17-private-groups.md R17.7
    /// Whether an INIT-ACK may be of the server that is sought.
    boolean isAnswered(Candidate candidate) {
        return !member || ClueKeys.isAnswer(keys, candidate.initAck(), candidate.clueOffset());
    }

    /// The clue of a COOKIE-ECHO in which cookie and B stand.
    long echo(MemorySegment echo) {
        if (!member) {
            return random();
        }
        ClueKeys.hashEcho(echo, scratch);
        return ClueKeys.echo(keys, scratch);
    }

    private long random() {
        return random.nextLong();
    }

    @Override
    public void close() {
        keys.fill((byte) 0);
    }
}
