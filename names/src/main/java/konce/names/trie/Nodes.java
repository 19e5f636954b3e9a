package konce.names.trie;

import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;

/// How nodes are hashed, for whoever builds and whoever checks. The byte in front says what a node is.
///
/// - source: docs/spec/13-proofs.md, section 1; the same as npm's urkel 1.0.3
final class Nodes {
    private static final int LEAF = 0;
    private static final int INNER = 1;
    private static final int SKIPPING_INNER = 2;

    private Nodes() {}

    /// Bits that a node skips because all keys below have them.
    ///
    /// @param key a key that has them
    /// @param from the first of them
    record Skipped(Hash key, int from, int count) {}

    static Hash value(Hashing hashing, byte[] value) {
        return hashing.raw(value).finish();
    }

    // = docs/spec/13-proofs.md R13.1
    static Hash leaf(Hashing hashing, Hash key, Hash value) {
        return hashing.u8(LEAF).hash(key).hash(value).finish();
    }

    // = docs/spec/13-proofs.md R13.1
    static Hash inner(Hashing hashing, Skipped skipped, Hash left, Hash right) {
        if (skipped.count == 0) {
            return hashing.u8(INNER).hash(left).hash(right).finish();
        }
        hashing.u8(SKIPPING_INNER).u8(skipped.count).u8(0); // urkel has 16 bits for it, the low ones first
        for (int start = 0; start < skipped.count; start += 8) {
            int octet = 0;
            for (int i = start; i < Math.min(start + 8, skipped.count); i++) {
                octet |= skipped.key.bit(skipped.from + i) ? 0x80 >>> (i - start) : 0;
            }
            hashing.u8(octet);
        }
        return hashing.hash(left).hash(right).finish();
    }
}
