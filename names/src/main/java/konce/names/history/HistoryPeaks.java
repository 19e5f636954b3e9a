package konce.names.history;

import java.util.ArrayList;
import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.MalformedException;

/// As much of the history as appending and its root need: the roots of the complete subtrees, the largest first.
/// Immutable.
///
/// @param size how many blocks there are
/// @param peaks one for each bit that is set in `size`
public record HistoryPeaks(long size, List<Hash> peaks) {
    /// No blocks. Its root is [Hash#ZERO].
    public static final HistoryPeaks EMPTY = new HistoryPeaks(0, List.of());

    public HistoryPeaks {
        peaks = List.copyOf(peaks);
        if (size < 0 || Long.bitCount(size) != peaks.size()) {
            throw new IllegalArgumentException(peaks.size() + " peaks for " + size + " blocks");
        }
    }

    /// These blocks and one more.
    public HistoryPeaks with(Hash block) {
        try (Hashing hashing = new Hashing()) {
            List<Hash> next = new ArrayList<>(peaks);
            Hash hash = Merkle.leaf(hashing, block);
            for (long rest = size; (rest & 1) == 1; rest >>>= 1) {
                hash = Merkle.inner(hashing, next.removeLast(), hash);
            }
            next.add(hash);
            return new HistoryPeaks(size + 1, next);
        }
    }

    /// The hash over all of them.
    public Hash root() {
        if (size == 0) {
            return Hash.ZERO;
        }
        try (Hashing hashing = new Hashing()) {
            Hash hash = peaks.getLast();
            for (int i = peaks.size() - 2; i >= 0; i--) {
                hash = Merkle.inner(hashing, peaks.get(i), hash);
            }
            return hash;
        }
    }

    /// Appends the encoding: the size, then the peaks.
    public void write(ByteWriter out) {
        out.u63(size);
        peaks.forEach(out::hash);
    }

    /// Reads them.
    public static HistoryPeaks read(ByteReader in) throws MalformedException {
        long size = in.u63();
        List<Hash> peaks = new ArrayList<>();
        for (int i = 0; i < Long.bitCount(size); i++) {
            peaks.add(in.hash());
        }
        return new HistoryPeaks(size, peaks);
    }
}
