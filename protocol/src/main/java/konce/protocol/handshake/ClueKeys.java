package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import konce.crypto.Blake2b;
import konce.crypto.Kdf;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.Vault;
import konce.protocol.table.SipHash;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;

/// By what the two ends of an invitation know each other: three keys that follow from its secret. They lie outside the
/// vault, because every INIT is held against them; whoever has them learns who is a member, and opens nothing.
///
/// ```text
/// clues = KDF("konce clues"; invitation secret), 48 bytes: a key of SipHash-2-4 each
///   0  INIT clue      over the client random
///  16  answer clue    over the INIT-ACK up to it, its authenticator as zeros
///  32  echo clue      over BLAKE2b-128 of the cookie as far as its authenticator, and B
/// ```
///
/// - source: docs/spec/17-private-groups.md, section 2
final class ClueKeys {
    static final int BYTES = 48;
    static final int INIT = 0;
    static final int ANSWER = 16;
    static final int ECHO = 32;

    /// Bytes of what an echo clue is over.
    static final int ECHO_HASH_BYTES = 16;

    private static final int COOKIE_BYTES = CookieEcho.EFFORT_OFFERED - CookieEcho.COOKIE;
    private static final int B_BYTES = CookieEcho.NEGOTIATION - CookieEcho.TRANSIENT_KEY;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private ClueKeys() {}

    /// Writes the three keys of an invitation.
    static void derive(Vault vault, Secret invitation, MemorySegment out, long offset) {
        try (Secret clues = Kdf.derive(vault, "konce clues", BYTES, invitation, MemorySegment.NULL)) {
            clues.copyTo(out, offset, SecretAccess.grant("clues are looked up for every INIT, and open nothing"));
        }
    }

    static long init(MemorySegment keys, long offset, MemorySegment packet) {
        return of(keys, offset + INIT, packet.get(LONG, Init.CLIENT_RANDOM), packet.get(LONG, Init.CLIENT_RANDOM + 8L));
    }

    /// The answer of an INIT-ACK that stands in `packet` up to `end`, its authenticator zero.
    static long answer(MemorySegment keys, long offset, MemorySegment packet, int end) {
        long k0 = keys.get(LONG, offset + ANSWER);
        long k1 = keys.get(LONG, offset + ANSWER + Long.BYTES);
        return SipHash.of(k0, k1, packet, Init.CLIENT_RANDOM, end - Init.CLIENT_RANDOM);
    }

    /// Whether an INIT-ACK was made by the server of an invitation.
    static boolean isAnswer(MemorySegment keys, MemorySegment initAck, int clue) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(initAck.byteSize()).copyFrom(initAck);
            copy.asSlice(InitAck.AUTHENTICATOR, InitAck.TRANSIENT_KEY - InitAck.AUTHENTICATOR)
                    .fill((byte) 0);
            return answer(keys, 0, copy, clue) == initAck.get(LONG, clue);
        }
    }

    /// What the echo clue of a COOKIE-ECHO is over.
    ///
    /// @param scratch at least 97 bytes; the result stands at its start
    static void hashEcho(MemorySegment echo, MemorySegment scratch) {
        MemorySegment.copy(echo, CookieEcho.COOKIE, scratch, 0, COOKIE_BYTES);
        MemorySegment.copy(echo, CookieEcho.TRANSIENT_KEY, scratch, COOKIE_BYTES, B_BYTES);
        Blake2b.hash(scratch, 0, COOKIE_BYTES + (long) B_BYTES, scratch, 0, ECHO_HASH_BYTES);
    }

    static MemorySegment scratch() {
        return Arena.ofAuto().allocate((long) COOKIE_BYTES + B_BYTES);
    }

    static long echo(MemorySegment keys, MemorySegment hash) {
        return of(keys, ECHO, hash.get(LONG, 0), hash.get(LONG, Long.BYTES));
    }

    static long of(MemorySegment keys, long key, long first, long second) {
        return SipHash.of(keys.get(LONG, key), keys.get(LONG, key + Long.BYTES), first, second);
    }
}
