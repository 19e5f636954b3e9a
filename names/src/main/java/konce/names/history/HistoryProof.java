package konce.names.history;

import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.MalformedException;

/// A path through the history tree, for inclusion or for consistency: which, whoever asked knows.
///
/// - shape: one byte, the number of hashes, and so many
/// - source: RFC 9162, sections 2.1.3 and 2.1.4, which say the same as RFC 6962 with how to check
///
/// @param path from the bottom; at most [#PATH_MAX]
public record HistoryProof(List<Hash> path) {
    /// A history of 2^63 blocks needs no more.
    public static final int PATH_MAX = 64;

    /// The longest encoding.
    public static final int BYTES_MAX = 1 + PATH_MAX * Hash.BYTES;

    /// Of a list and itself.
    public static final HistoryProof EMPTY = new HistoryProof(List.of());

    public HistoryProof {
        path = List.copyOf(path);
        if (path.size() > PATH_MAX) {
            throw new IllegalArgumentException(path.size() + " hashes; at most " + PATH_MAX);
        }
    }

    /// Whether `block` is at `index` of the `count` blocks under `root`.
    public boolean includes(Hash block, long index, long count, Hash root) {
        // = docs/spec/13-proofs.md R13.6
        if (index < 0 || index >= count) {
            return false;
        }
        try (Hashing hashing = new Hashing()) {
            Hash hash = Merkle.leaf(hashing, block);
            long at = index;
            long last = count - 1;
            for (Hash next : path) {
                if (last == 0) {
                    return false;
                }
                if ((at & 1) == 1 || at == last) {
                    hash = Merkle.inner(hashing, next, hash);
                    int up = (at & 1) == 1 ? 0 : Long.numberOfTrailingZeros(at);
                    at >>>= up;
                    last >>>= up;
                } else {
                    hash = Merkle.inner(hashing, hash, next);
                }
                at >>>= 1;
                last >>>= 1;
            }
            return last == 0 && hash.equals(root);
        }
    }

    /// Whether the `count` blocks under `root` begin with the `before` blocks under `rootBefore`.
    public boolean isConsistent(long before, Hash rootBefore, long count, Hash root) {
        // = docs/spec/13-proofs.md R13.7
        if (before < 0 || before > count) {
            return false;
        }
        if (before == 0 || before == count) {
            return path.isEmpty() && (before == count ? rootBefore.equals(root) : rootBefore.equals(Hash.ZERO));
        }
        boolean complete = Long.bitCount(before) == 1;
        if (path.isEmpty()) {
            return false;
        }
        int up = Long.numberOfTrailingZeros(before);
        long at = (before - 1) >>> up;
        long last = (count - 1) >>> up;
        Hash start = complete ? rootBefore : path.getFirst();
        try (Hashing hashing = new Hashing()) {
            Hash old = start;
            Hash now = start;
            for (Hash next : path.subList(complete ? 0 : 1, path.size())) {
                if (last == 0) {
                    return false;
                }
                if ((at & 1) == 1 || at == last) {
                    old = Merkle.inner(hashing, next, old);
                    now = Merkle.inner(hashing, next, now);
                    int more = (at & 1) == 1 ? 0 : Long.numberOfTrailingZeros(at);
                    at >>>= more;
                    last >>>= more;
                } else {
                    now = Merkle.inner(hashing, now, next);
                }
                at >>>= 1;
                last >>>= 1;
            }
            return last == 0 && old.equals(rootBefore) && now.equals(root);
        }
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The proof that is the whole of `bytes`.
    public static Decoded<HistoryProof> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, HistoryProof::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        out.u8(path.size());
        path.forEach(out::hash);
    }

    /// Reads one.
    public static HistoryProof read(ByteReader in) throws MalformedException {
        int count = in.u8(0, PATH_MAX, "number of hashes");
        Hash[] path = new Hash[count];
        for (int i = 0; i < count; i++) {
            path[i] = in.hash();
        }
        return new HistoryProof(List.of(path));
    }
}
