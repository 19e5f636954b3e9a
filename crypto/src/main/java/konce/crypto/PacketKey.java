package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One direction's packet protection: sealing and opening in place, and the mask that hides a header.
///
/// - shape of the nonce: XChaCha20-Poly1305 prefix 16 || number 8; AEGIS-256 prefix 24 || number 8; numbers big-endian.
///   The prefix is secret and derived. XChaCha20's first 16 nonce bytes never change, so its HChaCha20 subkey is made
///   once and each packet costs what ChaCha20-Poly1305 costs, with the same bits.
/// - invariant of the caller: no packet number is sealed twice under one key; nothing here keeps count
/// - threads: one owner; the nonce is written into the key's own slot
/// - allocates nothing on the heap after [#derive]
/// - error: [IndexOutOfBoundsException] when the packet is too short for the lengths given; [IllegalStateException]
///   once closed
/// - source: RFC 8439; draft-irtf-cfrg-xchacha-03; draft-irtf-cfrg-aegis-aead; SipHash (Aumasson, Bernstein 2012)
public final class PacketKey implements AutoCloseable {
    private static final MemorySegment NOTHING = MemorySegment.NULL;
    private static final int KEY_BYTES = 32;
    private static final int PREFIX_BYTES_XCHACHA = 16;
    private static final int PREFIX_BYTES_AEGIS = 24;
    private static final int HEADER_KEY_BYTES = 16;
    private static final int SAMPLE_BYTES = 16;

    /* The slot of 64 bytes:
     *    0  key: the HChaCha20 subkey, or AEGIS-256's key
     *   32  header key
     *   48  IETF nonce: four zero bytes, then the packet number; the number's place also receives SipHash's result
     *   60  four bytes that OpenSSL writes a length to
     * AEGIS-256 has a second slot of 32 bytes, its nonce: prefix 24, packet number 8. */
    private static final int HEADER_KEY = 32;
    private static final int NONCE = 48;
    private static final int NUMBER = 52;
    private static final int SCRATCH = 60;

    /// `konce id` in ASCII.
    private static final long CHANNEL_ID_LABEL = 0x6B6F_6E63_6520_6964L;

    private static final int SLOT_BYTES = 64;

    private final Suite suite;
    private final boolean aegis;
    private final Secret slot;
    private final MemorySegment slotView;
    private final @Nullable Secret aegisNonce;
    private final MemorySegment aegisNonceView;
    private final int tagBytes;
    /// OpenSSL's, with the same key; 0: not made yet, or not to be had.
    private long fast;
    private boolean fastTried;

    private PacketKey(Suite suite, Secret slot, @Nullable Secret aegisNonce) {
        this.suite = suite;
        this.aegis = suite == Suite.AEGIS_256;
        this.slot = slot;
        this.slotView = slot.view();
        this.aegisNonce = aegisNonce;
        this.aegisNonceView = aegisNonce == null ? NOTHING : aegisNonce.view();
        this.tagBytes = suite.tagBytes();
    }

    /// The packet key of a traffic secret (16 to 64 bytes), which may be closed afterwards.
    /// - shape: key, nonce prefix and header key are [Kdf] results with the traffic secret as chain and the labels
    ///   `packet key `, `packet nonce ` and `packet header ` followed by the suite's name
    /// - error: [VaultFullException]
    public static PacketKey derive(Vault vault, Suite suite, Secret trafficSecret) {
        try (Secret header = part(vault, "packet header ", suite, HEADER_KEY_BYTES, trafficSecret)) {
            return derive(vault, suite, trafficSecret, header.view());
        }
    }

    /// The key that follows this one, from another traffic secret. Headers stay masked as they are: who opens a
    /// packet
    /// has to read them before it knows which of the two sealed it.
    /// - error: [VaultFullException]
    public PacketKey next(Vault vault, Secret trafficSecret) {
        return derive(vault, suite, trafficSecret, slotView.asSlice(HEADER_KEY, HEADER_KEY_BYTES));
    }

    private static PacketKey derive(Vault vault, Suite suite, Secret trafficSecret, MemorySegment headerKey) {
        int prefixBytes = suite == Suite.AEGIS_256 ? PREFIX_BYTES_AEGIS : PREFIX_BYTES_XCHACHA;
        try (Secret key = part(vault, "packet key ", suite, KEY_BYTES, trafficSecret);
                Secret prefix = part(vault, "packet nonce ", suite, prefixBytes, trafficSecret)) {
            @Nullable Secret nonce = suite == Suite.AEGIS_256 ? vault.secret(PREFIX_BYTES_AEGIS + Long.BYTES) : null;
            Secret slot = slotOrNothing(vault, nonce);
            MemorySegment view = slot.view();
            MemorySegment.copy(headerKey, 0, view, HEADER_KEY, HEADER_KEY_BYTES);
            if (nonce == null) {
                int code = Sodium.hchacha20(slot.address(), prefix.address(), key.address(), 0);
                Invariant.check(code == 0, "HChaCha20 takes any key");
            } else {
                MemorySegment.copy(key.view(), 0, view, 0, KEY_BYTES);
                MemorySegment.copy(prefix.view(), 0, nonce.view(), 0, PREFIX_BYTES_AEGIS);
            }
            return new PacketKey(suite, slot, nonce);
        }
    }

    /// How many bytes [#seal] adds after the body.
    public int tagBytes() {
        return tagBytes;
    }

    /// Which suite this key is for.
    public Suite suite() {
        return suite;
    }

    /// Encrypts a body in place and writes the tag behind it.
    ///
    /// ```
    ///   offset            + headerBytes         + bodyBytes      + tagBytes
    ///     | header, as it is |  body, encrypted    |  tag, written   |
    /// ```
    public void seal(MemorySegment packet, long offset, int headerBytes, int bodyBytes, long packetNumber) {
        checkLengths(headerBytes, bodyBytes);
        long header = Raw.out(packet, offset, (long) headerBytes + bodyBytes + tagBytes);
        long body = header + headerBytes;
        long key = slot.address();
        int code;
        if (aegis) {
            long nonce = aegisNonce(packetNumber);
            code = Sodium.aeadAegisSeal(body, body + bodyBytes, 0, body, bodyBytes, header, headerBytes, 0, nonce, key);
        } else {
            slotView.set(Raw.LONG_BIG, NUMBER, packetNumber);
            if (isFast(bodyBytes)) {
                FastChaCha.seal(fast, header, headerBytes, bodyBytes, key + NONCE, key + SCRATCH);
                code = 0;
            } else {
                code = Sodium.aeadChachaSeal(
                        body, body + bodyBytes, 0, body, bodyBytes, header, headerBytes, 0, key + NONCE, key);
            }
        }
        Raw.keep(packet);
        Invariant.check(code == 0, "sealing never fails");
    }

    /// Whether the packet was sealed by this key under this number; then its body is decrypted in place.
    ///
    /// - `bodyAndTagBytes`: what follows the header; less than a tag is false
    /// - false: the body's bytes are destroyed (libsodium zeroes them), header and tag are as they were, nothing
    ///   beyond is touched; the packet is to be dropped and cannot be tried with another key
    public boolean open(MemorySegment packet, long offset, int headerBytes, int bodyAndTagBytes, long packetNumber) {
        checkLengths(headerBytes, bodyAndTagBytes);
        long header = Raw.out(packet, offset, (long) headerBytes + bodyAndTagBytes);
        int bodyBytes = bodyAndTagBytes - tagBytes;
        if (bodyBytes < 0) {
            return false;
        }
        long body = header + headerBytes;
        long key = slot.address();
        int code;
        if (aegis) {
            long nonce = aegisNonce(packetNumber);
            code = Sodium.aeadAegisOpen(body, 0, body, bodyBytes, body + bodyBytes, header, headerBytes, nonce, key);
        } else {
            slotView.set(Raw.LONG_BIG, NUMBER, packetNumber);
            if (isFast(bodyBytes)) {
                boolean opened = FastChaCha.open(fast, header, headerBytes, bodyBytes, key + NONCE, key + SCRATCH);
                code = opened ? 0 : -1;
            } else {
                code = Sodium.aeadChachaOpen(
                        body, 0, body, bodyBytes, body + bodyBytes, header, headerBytes, key + NONCE, key);
            }
        }
        Raw.keep(packet);
        return code == 0;
    }

    /// Whether OpenSSL takes a body of this length. Its context is made for the first: most channels stay without.
    private boolean isFast(int bodyBytes) {
        if (bodyBytes < FastChaCha.BODY_BYTES_MIN || !FastChaCha.PRESENT) {
            return false;
        }
        if (!fastTried) {
            fastTried = true;
            fast = FastChaCha.of(slot.address());
        }
        return fast != 0;
    }

    /// SipHash-2-4 of the 16 bytes at `sampleOffset` under the header key: 64 bits to hide a header with.
    /// - shape: the paper's number, that is, SipHash's eight bytes read little-endian
    public long headerMask(MemorySegment packet, long sampleOffset) {
        long sample = Raw.in(packet, sampleOffset, SAMPLE_BYTES);
        long key = slot.address();
        Sodium.siphash24(key + NUMBER, sample, SAMPLE_BYTES, key + HEADER_KEY);
        Raw.keep(packet);
        return slotView.get(Raw.LONG_LITTLE, NUMBER);
    }

    /// A number that only those with this key can tell from chance, and that no [#headerMask] gives away: the same
    /// for
    /// all keys that follow from this one with [#next].
    ///
    /// - shape: SipHash-2-4 under the header key over `konce id`, index and first, 8 bytes each; its
    /// first byte is the highest
    public long channelId(long first, long index) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(3 * Long.BYTES);
            message.set(Raw.LONG_BIG, 0, CHANNEL_ID_LABEL);
            message.set(Raw.LONG_BIG, Long.BYTES, index);
            message.set(Raw.LONG_BIG, 2L * Long.BYTES, first);
            long key = slot.address();
            Sodium.siphash24(key + NUMBER, message.address(), 3 * Long.BYTES, key + HEADER_KEY);
            return slotView.get(Raw.LONG_BIG, NUMBER);
        }
    }

    /// Wipes the key. Closing again does nothing.
    @Override
    public void close() {
        if (fast != 0) {
            FastChaCha.free(fast);
            fast = 0;
        }
        slot.close();
        if (aegisNonce != null) {
            aegisNonce.close();
        }
    }

    @Override
    public String toString() {
        return "PacketKey[" + suite + "]";
    }

    private static Secret part(Vault vault, String label, Suite suite, int bytes, Secret trafficSecret) {
        return Kdf.derive(vault, label + suite, bytes, trafficSecret, NOTHING);
    }

    private static Secret slotOrNothing(Vault vault, @Nullable Secret nonce) {
        try {
            return vault.secret(SLOT_BYTES);
        } catch (VaultFullException e) {
            if (nonce != null) {
                nonce.close();
            }
            throw e;
        }
    }

    private long aegisNonce(long packetNumber) {
        aegisNonceView.set(Raw.LONG_BIG, PREFIX_BYTES_AEGIS, packetNumber);
        return aegisNonceView.address();
    }

    private static void checkLengths(int headerBytes, int bodyBytes) {
        Objects.checkIndex(headerBytes, Integer.MAX_VALUE);
        Objects.checkIndex(bodyBytes, Integer.MAX_VALUE);
    }
}
