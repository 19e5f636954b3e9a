package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// BLAKE2b piece by piece, for transcripts. Make one, keep it, [#reset] it: only making it allocates.
///
/// - one owner thread at a time
/// - for public bytes: its state lies in ordinary native memory, so secrets go through [Kdf]
/// - error: [IllegalStateException] after [#finish] until [#reset], and for good after [#close]
/// - source: RFC 7693
public final class Hasher implements AutoCloseable {
    private static final int STATE_BYTES = 384;
    private static final int NUMBER = STATE_BYTES;

    private final MemorySegment state = Arena.ofAuto().allocate(STATE_BYTES + Long.BYTES, 64);
    private final int outBytes;
    private boolean ready;
    private boolean closed;

    /// A hasher with a result of `outBytes`, 1 to 64.
    public Hasher(int outBytes) {
        Blake2b.checkOutBytes(outBytes);
        this.outBytes = outBytes;
        start();
    }

    /// Starts over, as if new.
    public Hasher reset() {
        if (closed) {
            throw new IllegalStateException("the hasher is closed");
        }
        start();
        return this;
    }

    /// Appends `bytes` bytes at `offset`.
    public Hasher update(MemorySegment in, long offset, long bytes) {
        long source = Raw.in(in, offset, bytes);
        append(source, bytes);
        Raw.keep(in);
        return this;
    }

    /// Appends one byte, the low eight bits of `value`.
    public Hasher updateByte(int value) {
        state.set(ValueLayout.JAVA_BYTE, NUMBER, (byte) value);
        append(state.address() + NUMBER, 1);
        return this;
    }

    /// Appends eight bytes, big-endian.
    public Hasher updateLong(long value) {
        state.set(Raw.LONG_BIG, NUMBER, value);
        append(state.address() + NUMBER, Long.BYTES);
        return this;
    }

    /// Writes the hash of everything since construction or [#reset].
    public void finish(MemorySegment out, long offset) {
        checkReady();
        long target = Raw.out(out, offset, outBytes);
        ready = false;
        int result = Sodium.blake2bFinal(state.address(), target, outBytes);
        Raw.keep(state);
        Raw.keep(out);
        Invariant.check(result == 0, "a started BLAKE2b finishes");
    }

    /// Wipes the state. Closing again does nothing.
    @Override
    public void close() {
        ready = false;
        closed = true;
        state.fill((byte) 0);
    }

    private void start() {
        int result = Sodium.blake2bInit(state.address(), 0, 0, outBytes);
        Raw.keep(state);
        Invariant.check(result == 0, "BLAKE2b accepts checked lengths");
        ready = true;
    }

    private void append(long source, long bytes) {
        checkReady();
        int result = Sodium.blake2bUpdate(state.address(), source, bytes);
        Raw.keep(state);
        Invariant.check(result == 0, "BLAKE2b takes any bytes");
    }

    private void checkReady() {
        if (!ready) {
            throw new IllegalStateException(closed ? "the hasher is closed" : "the hash is finished; reset first");
        }
    }
}
