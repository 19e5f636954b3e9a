package konce.names.trie;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import org.jspecify.annotations.Nullable;

/// A map from hashes to bytes, with one root over all of it: a radix-2 trie without nodes of one child. Immutable: a
/// change gives another map, which shares what did not change.
///
/// - threads: whoever made a map calls [#root] before giving it to others; from then on any may read it
/// - memory: 56 bytes for each inner node and 64 for each leaf and its key beside the value, by the layout of a JVM
///   with compressed references
/// - source: docs/spec/13-proofs.md, section 1; after Handshake's Urkel tree
public final class Trie implements Iterable<Trie.Entry> {
    /// Nothing in it. Its root is [Hash#ZERO].
    public static final Trie EMPTY = new Trie(null, 0);

    private final @Nullable Node top;
    private final int size;

    /// A key and its value, which is the map's own: to be read, not changed.
    @SuppressWarnings("ArrayRecordComponent") // a view: a copy for each of a million values would be the snapshot twice
    public record Entry(Hash key, byte[] value) {}

    private Trie(@Nullable Node top, int size) {
        this.top = top;
        this.size = size;
    }

    /// The map of entries that are sorted by key, each key once: much cheaper than one after the other.
    ///
    /// @throws IllegalArgumentException when they are not
    public static Trie ofSorted(List<Entry> entries) {
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i - 1).key().compareTo(entries.get(i).key()) >= 0) {
                throw new IllegalArgumentException("entry " + i + " is not after the one before");
            }
        }
        return entries.isEmpty() ? EMPTY : new Trie(build(entries, 0, entries.size(), 0), entries.size());
    }

    private static Node build(List<Entry> entries, int start, int end, int from) {
        Entry first = entries.get(start);
        if (end - start == 1) {
            return new Node.Leaf(first.key(), first.value());
        }
        int split = first.key().commonBits(entries.get(end - 1).key());
        int low = start;
        int high = end - 1; // has the bit set
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (entries.get(middle).key().bit(split)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return new Node.Inner(
                from, split, build(entries, start, high, split + 1), build(entries, high, end, split + 1));
    }

    /// How many keys are in it.
    public int size() {
        return size;
    }

    /// The value of `key`, the map's own: to be read, not changed; null when there is none.
    public byte @Nullable [] find(Hash key) {
        Node node = top;
        while (node instanceof Node.Inner inner) {
            node = inner.child(key.bit(inner.split));
        }
        return node instanceof Node.Leaf leaf && leaf.key().equals(key) ? leaf.value() : null;
    }

    /// The hash over everything in it.
    public Hash root() {
        if (top == null) {
            return Hash.ZERO;
        }
        try (Hashing hashing = new Hashing()) {
            return top.hash(hashing);
        }
    }

    /// This map and `value` at `key`, instead of what may have been there.
    ///
    /// @param value kept as it is: to be changed no more
    public Trie with(Hash key, byte[] value) {
        Node.Leaf leaf = new Node.Leaf(key, value);
        if (top == null) {
            return new Trie(leaf, 1);
        }
        int common = key.commonBits(nearest(top, key).key());
        return new Trie(with(top, leaf, common, 0), common == Hash.BITS ? size : size + 1);
    }

    /* `common` is how many bits the new key shares with the key nearest to it: there the new leaf hangs. */
    private static Node with(Node node, Node.Leaf leaf, int common, int from) {
        if (node instanceof Node.Inner inner && inner.split < common) {
            boolean right = leaf.key().bit(inner.split);
            return inner.with(right, with(inner.child(right), leaf, common, inner.split + 1));
        }
        if (common == Hash.BITS) {
            return leaf;
        }
        Node below = Node.startingAt(node, common + 1);
        return leaf.key().bit(common)
                ? new Node.Inner(from, common, below, leaf)
                : new Node.Inner(from, common, leaf, below);
    }

    private static Node.Leaf nearest(Node start, Hash key) {
        Node node = start;
        while (node instanceof Node.Inner inner) {
            node = inner.child(key.bit(inner.split));
        }
        return (Node.Leaf) node;
    }

    /// This map without `key`.
    public Trie without(Hash key) {
        if (top == null || find(key) == null) {
            return this;
        }
        return size == 1 ? EMPTY : new Trie(without(top, key, 0), size - 1);
    }

    /* The key is below, and is not `node` itself but where the map has one key only. */
    private static Node without(Node node, Hash key, int from) {
        Node.Inner inner = (Node.Inner) node;
        boolean right = key.bit(inner.split);
        Node child = inner.child(right);
        return child instanceof Node.Leaf
                ? Node.startingAt(inner.child(!right), from)
                : inner.with(right, without(child, key, inner.split + 1));
    }

    /// What shows, to whoever knows the root, what is at `key` or that nothing is.
    public TrieProof prove(Hash key) {
        List<TrieProof.Step> steps = new ArrayList<>();
        try (Hashing hashing = new Hashing()) {
            Node node = top;
            while (node instanceof Node.Inner inner) {
                if (inner.skip() > 0 && inner.someLeaf().key().commonBits(key) < inner.split) {
                    return new TrieProof(
                            steps,
                            new TrieProof.Fork(
                                    TrieProof.onlyBits(inner.someLeaf().key(), inner.from, inner.skip()),
                                    inner.skip(),
                                    inner.left.hash(hashing),
                                    inner.right.hash(hashing)));
                }
                boolean right = key.bit(inner.split);
                steps.add(new TrieProof.Step(inner.skip(), inner.child(!right).hash(hashing)));
                node = inner.child(right);
            }
            if (!(node instanceof Node.Leaf leaf)) {
                return new TrieProof(steps, TrieProof.Nothing.NOTHING);
            }
            return new TrieProof(
                    steps,
                    leaf.key().equals(key)
                            ? TrieProof.Here.HERE
                            : new TrieProof.Other(leaf.key(), Nodes.value(hashing, leaf.value())));
        }
    }

    /// All keys and values, in the order of keys.
    @Override
    public Iterator<Entry> iterator() {
        Deque<Node> open = new ArrayDeque<>();
        if (top != null) {
            open.push(top);
        }
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !open.isEmpty();
            }

            @Override
            public Entry next() {
                if (open.isEmpty()) {
                    throw new NoSuchElementException();
                }
                Node node = open.pop();
                while (node instanceof Node.Inner inner) {
                    open.push(inner.right);
                    node = inner.left;
                }
                Node.Leaf leaf = (Node.Leaf) node;
                return new Entry(leaf.key(), leaf.value());
            }
        };
    }
}
