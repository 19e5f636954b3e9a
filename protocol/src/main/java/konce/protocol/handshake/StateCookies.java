package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import konce.crypto.Poly1305;
import konce.crypto.RandomSource;
import konce.crypto.SequenceCipher;
import konce.crypto.StateCookieKey;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.table.SipHash;
import konce.protocol.wire.CookieEcho;

/// Cookies: what lets the server forget an INIT and still know it again. Secret and sequence numbers are of this
/// process alone and die with it.
///
/// For each sequence number the per-boot secret gives 64 bytes: a one-time Poly1305 key (32), the revealed bits (4),
/// the offset of the server's steady time (8). The authenticator covers the client's address and [CookieEcho]'s cookie
/// fields and negotiation.
///
/// - unit: nanoseconds of the endpoint's time; microseconds on the wire
/// - error: never throws, never allocates after construction
/// - source: docs/spec/03-handshake.md, section 4
final class StateCookies implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int REVEALED = Poly1305.KEY_BYTES;
    private static final int TIME_OFFSET = 40;
    private static final int COOKIE_BYTES = CookieEcho.COOKIE_END - CookieEcho.COOKIE;
    private static final int NEGOTIATION = Address.BYTES + COOKIE_BYTES;

    /// Bytes of the longest negotiation: two offers and two sets of parameters.
    static final int NEGOTIATION_BYTES_MAX = 2 * (Limits.PROTOCOL_OFFER_BYTES_MAX + 1 + Limits.PARAMETERS_BYTES_MAX);

    private final Arena arena = Arena.ofAuto();
    private final MemorySegment block = arena.allocate(StateCookieKey.BLOCK_BYTES);
    private final MemorySegment covered = arena.allocate(NEGOTIATION + NEGOTIATION_BYTES_MAX);
    private final StateCookieKey key;
    private final SequenceCipher cipher;
    private final RecentSequences recent;
    private final AcceptedSequences accepted = new AcceptedSequences();
    private long issued;

    // = docs/spec/03-handshake.md R3.27
    StateCookies(Vault vault, RandomSource random, long nowNanos) {
        key = StateCookieKey.generate(vault, random);
        cipher = new SequenceCipher(random);
        recent = new RecentSequences(random.nextLong() >>> 1, nowNanos);
    }

    /// Cookies given out since the process began.
    long issued() {
        return issued;
    }

    /// A hash for a table of this process, under a key that belongs to a sequence number which no cookie has.
    SipHash tableHash() {
        key.block(-1, block, 0);
        return new SipHash(block.get(LONG, 0), block.get(LONG, Long.BYTES));
    }

    /// Fills in a COOKIE-ECHO as the client will send it back: server time, sequence number, revealed bits.
    ///
    /// @param echo at least [CookieEcho#NEGOTIATION] bytes
    void issue(long nowNanos, MemorySegment echo) {
        long sequence = recent.next(nowNanos);
        issued++;
        key.block(sequence, block, 0);
        echo.set(LONG, CookieEcho.SERVER_TIME, nowNanos / 1_000 + block.get(LONG, TIME_OFFSET));
        // = docs/spec/03-handshake.md R3.22
        echo.set(LONG, CookieEcho.SEQUENCE, cipher.encrypt(sequence));
        echo.set(INT, CookieEcho.REVEALED, block.get(INT, REVEALED));
    }

    /// Fills in the authenticator of what was issued last. Client random, client time, effort, transient id and the
    /// negotiation must stand in it already.
    ///
    /// @param echo at least [CookieEcho#NEGOTIATION] + `negotiationBytes` bytes
    void authenticate(Address remote, MemorySegment echo, int negotiationBytes) {
        long bytes = cover(remote, echo, negotiationBytes);
        Poly1305.tag(block, 0, covered, 0, bytes, echo, CookieEcho.AUTHENTICATOR);
    }

    // = docs/spec/03-handshake.md R3.5
    /// The cheap checks: was this cookie issued lately, is it unused, does it look like ours? They leave the secret
    /// block of its sequence number for [#checkAuthenticator].
    ///
    /// @param unused whether to ask if it is unused; else [#checkUnused] does later
    DropReason checkSequence(long nowNanos, MemorySegment echo, boolean unused) {
        long sequence = sequence(echo);
        if (!recent.isRecent(nowNanos, sequence)) {
            return DropReason.SEQUENCE_NOT_RECENT;
        }
        if (unused && accepted.contains(sequence)) {
            return DropReason.ALREADY_ACCEPTED;
        }
        key.block(sequence, block, 0);
        return echo.get(INT, CookieEcho.REVEALED) == block.get(INT, REVEALED)
                ? DropReason.NONE
                : DropReason.REVEALED_BITS_WRONG;
    }

    /// Whether the cookie was used before.
    DropReason checkUnused(MemorySegment echo) {
        return accepted.contains(sequence(echo)) ? DropReason.ALREADY_ACCEPTED : DropReason.NONE;
    }

    /// The authenticator and the lifetime, after [#checkSequence] of the same packet.
    DropReason checkAuthenticator(long nowNanos, Address remote, MemorySegment echo, int negotiationBytes) {
        long bytes = cover(remote, echo, negotiationBytes);
        if (!Poly1305.verify(block, 0, covered, 0, bytes, echo, CookieEcho.AUTHENTICATOR)) {
            return DropReason.COOKIE_WRONG;
        }
        // = docs/spec/03-handshake.md R3.26
        return nowNanos - issuedNanos(echo) > Limits.COOKIE_LIFETIME_NANOS
                ? DropReason.COOKIE_EXPIRED
                : DropReason.NONE;
    }

    // = docs/spec/03-handshake.md R3.6
    /// Marks the cookie of a packet that passed every check as used.
    ///
    /// @return false when the table has no room
    boolean accept(long nowNanos, MemorySegment echo) {
        return accepted.add(nowNanos, sequence(echo), issuedNanos(echo) + Limits.COOKIE_LIFETIME_NANOS);
    }

    private long sequence(MemorySegment echo) {
        return cipher.decrypt(echo.get(LONG, CookieEcho.SEQUENCE));
    }

    /// When the cookie of the packet last checked was issued, to the microsecond.
    long issuedNanos(MemorySegment echo) {
        return (echo.get(LONG, CookieEcho.SERVER_TIME) - block.get(LONG, TIME_OFFSET)) * 1_000;
    }

    // = docs/spec/03-handshake.md R3.21
    private long cover(Address remote, MemorySegment echo, int negotiationBytes) {
        // = docs/spec/01-notation.md R1.1
        covered.set(LONG, 0, remote.high());
        covered.set(LONG, 8, remote.low());
        covered.set(ValueLayout.JAVA_BYTE, 16, (byte) (remote.port() >>> 8));
        covered.set(ValueLayout.JAVA_BYTE, 17, (byte) remote.port());
        MemorySegment.copy(echo, CookieEcho.COOKIE, covered, Address.BYTES, COOKIE_BYTES);
        MemorySegment.copy(echo, CookieEcho.NEGOTIATION, covered, NEGOTIATION, negotiationBytes);
        return (long) NEGOTIATION + negotiationBytes;
    }

    @Override
    public void close() {
        key.close();
    }
}
