package konce.crypto;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/// Secret bytes in a [Vault]. Closing wipes them; the text form says only how many there are.
///
/// - shape: 1 to 64 bytes off the Java heap
/// - threads: its owner hands it on; closing while another thread uses it is the owner's mistake
/// - error: [IllegalStateException] once it or its vault is closed
public final class Secret implements AutoCloseable {
    /// The most bytes that one secret holds: the widest BLAKE2b result.
    public static final int BYTES_MAX = 64;

    private final Vault vault;
    private final int bytes;
    private long address;

    Secret(Vault vault, long address, int bytes) {
        this.vault = vault;
        this.address = address;
        this.bytes = bytes;
    }

    /// A secret with the bytes found in a native segment. Wiping the source is the caller's.
    public static Secret copyOf(Vault vault, MemorySegment source, long offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, source.byteSize());
        Secret secret = vault.secret(bytes);
        MemorySegment.copy(source, offset, secret.view(), 0, bytes);
        return secret;
    }

    /// A secret of random bytes.
    public static Secret random(Vault vault, RandomSource random, int bytes) {
        Secret secret = vault.secret(bytes);
        random.fill(secret.view());
        return secret;
    }

    /// How many bytes it holds. Known even after it is closed.
    public int bytes() {
        return bytes;
    }

    /// Copies all bytes out of the vault, into a native segment; wiping that copy is the caller's.
    public void copyTo(MemorySegment target, long offset, SecretAccess access) {
        Objects.requireNonNull(access);
        Raw.out(target, offset, bytes); // native memory only: a copy on the Java heap could never be wiped
        MemorySegment.copy(view(), 0, target, offset, bytes);
        Raw.keep(target);
    }

    /// Whether both hold the same bytes, in a time that depends on the length only.
    public boolean constantTimeEquals(Secret other) {
        return bytes == other.bytes && Sodium.compare(address(), other.address(), bytes) == 0;
    }

    /// Wipes the bytes and gives the slot back. Closing again does nothing.
    @Override
    public void close() {
        vault.release(this);
    }

    @Override
    public String toString() {
        return "Secret[" + bytes + " bytes]";
    }

    /// Where the bytes are now, for libsodium.
    long address() {
        long current = address;
        if (current == 0 || vault.isClosed()) {
            throw new IllegalStateException("the secret is closed");
        }
        return current;
    }

    /// The bytes as a segment of exactly their length. Never handed out beyond [RandomSource#fill].
    MemorySegment view() {
        return vault.view(address(), bytes);
    }

    /// Called by the vault alone, under its lock.
    long forgetAddress() {
        long last = address;
        address = 0;
        return last;
    }

    /// Checks a length that an algorithm demands.
    void checkBytes(int expected) {
        if (bytes != expected) {
            throw new IllegalArgumentException("a secret of " + expected + " bytes is needed, not of " + bytes);
        }
    }
}
