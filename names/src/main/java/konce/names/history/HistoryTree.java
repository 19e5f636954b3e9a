package konce.names.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;

/// The hashes of all blocks, for whoever proves something about them. It only grows.
///
/// - memory: 64 bytes a block
/// - threads: one owner at a time
public final class HistoryTree {
    private final List<Level> levels = new ArrayList<>();
    private long size;

    /// No blocks.
    public HistoryTree() {}

    /* The hashes of all complete subtrees of one height, in their order. */
    private static final class Level {
        private long[] words = new long[64];
        private int count;

        void add(Hash hash) {
            int at = count * 4;
            if (at == words.length) {
                words = Arrays.copyOf(words, at * 2);
            }
            words[at] = hash.word0();
            words[at + 1] = hash.word1();
            words[at + 2] = hash.word2();
            words[at + 3] = hash.word3();
            count++;
        }

        Hash hash(long index) {
            int at = Math.toIntExact(index * 4);
            return new Hash(words[at], words[at + 1], words[at + 2], words[at + 3]);
        }
    }

    /// Blocks in it.
    public long size() {
        return size;
    }

    /// Appends a block, by its hash.
    public void append(Hash block) {
        try (Hashing hashing = new Hashing()) {
            Hash hash = Merkle.leaf(hashing, block);
            int height = 0;
            for (; (size >>> height & 1) == 1; height++) {
                level(height).add(hash);
                hash = Merkle.inner(hashing, level(height).hash((size >>> height) - 1), hash);
            }
            level(height).add(hash);
            size++;
        }
    }

    private Level level(int height) {
        if (height == levels.size()) {
            levels.add(new Level());
        }
        return levels.get(height);
    }

    /// The hash over the first `count` blocks.
    public Hash root(long count) {
        Objects.checkFromIndexSize(0, count, size);
        if (count == 0) {
            return Hash.ZERO;
        }
        try (Hashing hashing = new Hashing()) {
            return subtree(hashing, 0, count);
        }
    }

    /// What shows that the block at `index` is among the first `count`.
    public HistoryProof inclusion(long index, long count) {
        Objects.checkFromIndexSize(0, count, size);
        Objects.checkIndex(index, count);
        List<Hash> path = new ArrayList<>();
        try (Hashing hashing = new Hashing()) {
            long start = 0;
            long end = count;
            while (end - start > 1) {
                long middle = start + Merkle.split(end - start);
                boolean left = index < middle;
                path.add(left ? subtree(hashing, middle, end) : subtree(hashing, start, middle));
                start = left ? start : middle;
                end = left ? middle : end;
            }
        }
        return new HistoryProof(path.reversed());
    }

    /// What shows that the first `count` blocks begin with the first `before`.
    public HistoryProof consistency(long before, long count) {
        Objects.checkFromIndexSize(0, count, size);
        Objects.checkFromIndexSize(0, before, count);
        List<Hash> path = new ArrayList<>();
        if (before > 0 && before < count) {
            try (Hashing hashing = new Hashing()) {
                long start = 0;
                long end = count;
                while (end != before) {
                    long middle = start + Merkle.split(end - start);
                    boolean left = before <= middle;
                    path.add(left ? subtree(hashing, middle, end) : subtree(hashing, start, middle));
                    start = left ? start : middle;
                    end = left ? middle : end;
                }
                if (start > 0) {
                    path.add(subtree(hashing, start, end));
                }
            }
        }
        return new HistoryProof(path.reversed());
    }

    private Hash subtree(Hashing hashing, long start, long end) {
        long count = end - start;
        if (Long.bitCount(count) == 1) {
            int height = Long.numberOfTrailingZeros(count);
            return level(height).hash(start >>> height);
        }
        long middle = start + Merkle.split(count);
        Hash left = subtree(hashing, start, middle);
        return Merkle.inner(hashing, left, subtree(hashing, middle, end));
    }
}
