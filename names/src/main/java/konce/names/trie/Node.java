package konce.names.trie;

import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;

/// A node of the trie. Nodes are shared between all maps they are in.
sealed interface Node {
    /// A value and its whole key. Its hash is not kept: it is computed when a node above needs it.
    record Leaf(Hash key, byte[] value) implements Node {
        @Override
        public Hash hash(Hashing hashing) {
            return Nodes.leaf(hashing, key, Nodes.value(hashing, value));
        }

        @Override
        public Leaf someLeaf() {
            return this;
        }
    }

    /// Two subtrees: keys in it have the same bits before `split`, and differ there.
    ///
    /// Its words hold the hash once it has been asked for. That is the only change a node ever sees; [Trie#root]
    /// makes
    /// it, before the map is given to another thread.
    final class Inner implements Node {
        final Node left;
        final Node right;
        final short from;
        final short split;
        private long word0;
        private long word1;
        private long word2;
        private long word3;

        /// @param from the first bit that no node above has looked at
        /// @param split the bit by which left and right differ
        Inner(int from, int split, Node left, Node right) {
            this.from = (short) from;
            this.split = (short) split;
            this.left = left;
            this.right = right;
        }

        /// The same subtrees under a node that looks at other bits.
        Inner startingAt(int bit) {
            return bit == from ? this : new Inner(bit, split, left, right);
        }

        Inner with(boolean onTheRight, Node child) {
            return onTheRight ? new Inner(from, split, left, child) : new Inner(from, split, child, right);
        }

        Node child(boolean onTheRight) {
            return onTheRight ? right : left;
        }

        int skip() {
            return split - from;
        }

        @Override
        public Hash hash(Hashing hashing) {
            if ((word0 | word1 | word2 | word3) == 0) {
                Hash leftHash = left.hash(hashing);
                Hash rightHash = right.hash(hashing);
                Hash prefix = skip() == 0 ? Hash.ZERO : someLeaf().key();
                Hash hash = Nodes.inner(hashing, new Nodes.Skipped(prefix, from, skip()), leftHash, rightHash);
                word0 = hash.word0();
                word1 = hash.word1();
                word2 = hash.word2();
                word3 = hash.word3();
            }
            return new Hash(word0, word1, word2, word3);
        }

        @Override
        public Leaf someLeaf() {
            return left.someLeaf();
        }
    }

    /// The node's hash.
    Hash hash(Hashing hashing);

    /// One of its leaves: all have the bits that the nodes above skipped.
    Leaf someLeaf();

    /// The first bit at which a key in this subtree may differ from another in it.
    static Node startingAt(Node node, int bit) {
        return switch (node) {
            case Leaf leaf -> leaf;
            case Inner inner -> inner.startingAt(bit);
        };
    }
}
