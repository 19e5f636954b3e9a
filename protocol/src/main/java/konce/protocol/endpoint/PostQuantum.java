package konce.protocol.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.BiConsumer;
import konce.crypto.Hasher;
import konce.crypto.KeyEncapsulation;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.PeerOffence;
import konce.protocol.flow.SentPackets;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.FrameWriter;
import org.jspecify.annotations.Nullable;

/// The exchange inside a channel that makes its keys withstand a quantum computer: the client's ML-KEM-768 key one way,
/// the server's ciphertext the other, each in two pieces. What comes of it enters the keys of phase 1.
///
/// - unit: bytes; at most one job at a time
/// - error: with no room in the vault it waits, and goes on with a packet that opens later
/// - source: docs/spec/04-protection.md, section 7
final class PostQuantum implements AutoCloseable {
    /// How far an exchange is.
    private enum State {
        /// A client's key is being made, or there was no room for it yet.
        KEY_DUE,
        AWAIT_KEY,
        AWAIT_CIPHERTEXT,
        /// The peer's part is whole; the secret is being computed, or there was no room for it yet.
        SECRET_DUE,
        DONE
    }

    static final int PIECES = 2;
    private static final int ALL_PIECES = (1 << PIECES) - 1;
    private static final byte[] LABEL = "konce kem 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    private final boolean client;
    private final Vault vault;
    private final RandomSource random;
    private final long channel;
    private final BiConsumer<Secret, MemorySegment> done;
    private final MemorySegment publicKey;
    private final MemorySegment ciphertext;
    private State state;
    private @Nullable Secret seed;
    private boolean running;
    private int received;
    private int due;
    private int unacked;

    /// @param client whether we are
    /// @param channel the channel's number
    /// @param done takes the secret, and the hash of what it came from
    PostQuantum(boolean client, Shared shared, long channel, BiConsumer<Secret, MemorySegment> done) {
        this.client = client;
        vault = shared.vault();
        random = shared.random();
        this.channel = channel;
        this.done = done;
        Arena arena = Arena.ofAuto();
        publicKey = arena.allocate(KeyEncapsulation.PUBLIC_KEY_BYTES);
        ciphertext = arena.allocate(KeyEncapsulation.CIPHERTEXT_BYTES);
        state = client ? State.KEY_DUE : State.AWAIT_KEY;
    }

    /// Whether nothing remains to be done: both have the secret, and the peer has all we sent.
    boolean isOver() {
        return state == State.DONE && unacked == 0;
    }

    // ---- jobs

    /// The next job; null: none now.
    @Nullable
    EncapsulationJob pollJob() {
        if (running || (state != State.KEY_DUE && state != State.SECRET_DUE)) {
            return null;
        }
        Secret result = null;
        try {
            if (seed == null) {
                seed = Secret.random(
                        vault, random, client ? KeyEncapsulation.SEED_BYTES : KeyEncapsulation.ENTROPY_BYTES);
            }
            result = vault.secret(KeyEncapsulation.SECRET_BYTES);
        } catch (VaultFullException full) {
            return null;
        }
        running = true;
        EncapsulationJob.Step step = state == State.KEY_DUE
                ? EncapsulationJob.Step.MAKE_KEY
                : client ? EncapsulationJob.Step.DECAPSULATE : EncapsulationJob.Step.ENCAPSULATE;
        return new EncapsulationJob(channel, step, seed, publicKey, ciphertext, result);
    }

    /// Takes a job back that has run.
    ///
    /// @return the peer's offence: what it sent is no key
    @Nullable
    PeerOffence handleJob(EncapsulationJob job) {
        running = false;
        if (job.failed()) {
            job.close();
            state = State.DONE;
            return PeerOffence.FRAME_MALFORMED;
        }
        if (job.step() == EncapsulationJob.Step.MAKE_KEY) {
            job.result().close();
            state = State.AWAIT_CIPHERTEXT;
        } else {
            forgetSeed();
            state = State.DONE;
            done.accept(job.result(), transcript());
        }
        if (job.step() != EncapsulationJob.Step.DECAPSULATE) {
            due = ALL_PIECES;
            unacked = ALL_PIECES;
        }
        return null;
    }

    // = docs/spec/04-protection.md R4.16
    private MemorySegment transcript() {
        Arena arena = Arena.ofAuto();
        MemorySegment hash = arena.allocate(KeyEncapsulation.SECRET_BYTES);
        MemorySegment label = arena.allocate(LABEL.length);
        label.copyFrom(MemorySegment.ofArray(LABEL));
        try (Hasher hasher = new Hasher(KeyEncapsulation.SECRET_BYTES)) {
            hasher.reset()
                    .updateLong(LABEL.length)
                    .update(label, 0, LABEL.length)
                    .update(publicKey, 0, KeyEncapsulation.PUBLIC_KEY_BYTES)
                    .update(ciphertext, 0, KeyEncapsulation.CIPHERTEXT_BYTES)
                    .finish(hash, 0);
        }
        return hash;
    }

    // ---- in

    // = docs/spec/04-protection.md R4.18
    /// Takes a piece. One that came before is ignored.
    @Nullable
    PeerOffence onPiece(int piece, MemorySegment packet, long offset, int length) {
        MemorySegment whole = client ? ciphertext : publicKey;
        int bytes = pieceBytes(whole);
        if (piece >= PIECES || length != bytes) {
            return PeerOffence.FRAME_MALFORMED;
        }
        boolean awaited = state == State.AWAIT_KEY || state == State.AWAIT_CIPHERTEXT;
        if (!awaited || (received & 1 << piece) != 0) {
            // a client that has not said its key yet cannot be answered
            return client && state == State.KEY_DUE ? PeerOffence.FRAME_MALFORMED : null;
        }
        MemorySegment.copy(packet, offset, whole, (long) piece * bytes, bytes);
        received |= 1 << piece;
        if (received == ALL_PIECES) {
            state = State.SECRET_DUE;
        }
        return null;
    }

    // ---- out

    boolean hasDue() {
        return due != 0;
    }

    /// Writes the pieces that are due, as many as fit.
    ///
    /// @return whether any did
    boolean writeFrames(ByteWriter out, SentPackets sent, int kind) {
        MemorySegment whole = client ? publicKey : ciphertext;
        int bytes = pieceBytes(whole);
        boolean wrote = false;
        for (int piece = 0; piece < PIECES; piece++) {
            if ((due & 1 << piece) != 0 && out.remaining() >= FrameWriter.ENCAPSULATION_OVERHEAD_BYTES + bytes) {
                FrameWriter.encapsulation(out, piece, whole, (long) piece * bytes, bytes);
                sent.add(kind, piece, 0, 0);
                due &= ~(1 << piece);
                wrote = true;
            }
        }
        return wrote;
    }

    void onAcked(long piece) {
        unacked &= ~(1 << piece);
        due &= unacked;
    }

    void onLost(long piece) {
        due |= unacked & 1 << piece;
    }

    private static int pieceBytes(MemorySegment whole) {
        return (int) whole.byteSize() / PIECES;
    }

    private void forgetSeed() {
        if (seed != null) {
            seed.close();
            seed = null;
        }
    }

    /// Wipes what it holds. A job that runs keeps its secrets until it is back.
    @Override
    public void close() {
        if (!running) {
            forgetSeed();
        }
        state = State.DONE;
        due = 0;
        unacked = 0;
    }
}
