package konce.names.history;

import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;

/// How the tree is hashed. The byte in front is unlike those of the trie, so that no node is both.
final class Merkle {
    private static final int LEAF = 3;
    private static final int INNER = 4;

    private Merkle() {}

    // = docs/spec/13-proofs.md R13.5
    static Hash leaf(Hashing hashing, Hash block) {
        return hashing.u8(LEAF).hash(block).finish();
    }

    // = docs/spec/13-proofs.md R13.5
    static Hash inner(Hashing hashing, Hash left, Hash right) {
        return hashing.u8(INNER).hash(left).hash(right).finish();
    }

    /// The largest power of two below `count`, which is at least 2.
    static long split(long count) {
        return Long.highestOneBit(count - 1);
    }
}
