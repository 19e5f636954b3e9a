package konce.names.trie;

import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// What shows that a value is at a key of a [Trie], or that none is, to whoever knows the root. The way from the top
/// to where the key is, or would be.
///
/// - shape: kind of the end, number of steps, skips, sibling hashes; see docs/spec/13-proofs.md, section 2
///
/// @param steps the inner nodes on the way, from the top; at most [#STEPS_MAX]
/// @param end what is there
public record TrieProof(List<Step> steps, End end) {
    /// Nodes on the way. A million random keys need 26 at most; to make a map need more than 96, someone has to
    /// find
    /// keys whose hashes share 96 bits.
    public static final int STEPS_MAX = 96;

    /// The longest encoding.
    public static final int BYTES_MAX = 2 + STEPS_MAX * (1 + 1 + Hash.BYTES) + 3 * Hash.BYTES + 2;

    /// An inner node.
    ///
    /// @param skip how many bits it skips, all as in the key
    /// @param sibling the hash of the child that the key is not in
    public record Step(int skip, Hash sibling) {}

    /// What is where the key would be.
    public sealed interface End {}

    /// The key.
    public enum Here implements End {
        HERE
    }

    /// Nothing: the map is empty.
    public enum Nothing implements End {
        NOTHING
    }

    /// The leaf of another key.
    public record Other(Hash key, Hash value) implements End {}

    /// An inner node whose skipped bits the key has not.
    ///
    /// @param key a key that has them; bits outside the node's own are zero
    public record Fork(Hash key, int skip, Hash left, Hash right) implements End {}

    private static final int HERE = 0;
    private static final int NOTHING = 1;
    private static final int OTHER = 2;
    private static final int FORK = 3;

    public TrieProof {
        steps = List.copyOf(steps);
        if (steps.size() > STEPS_MAX) {
            throw new IllegalArgumentException(steps.size() + " steps; at most " + STEPS_MAX);
        }
    }

    /// Whether `value` is at `key` in the map of this root.
    public boolean isPresent(Hash root, Hash key, byte[] value) {
        // = docs/spec/13-proofs.md R13.3
        if (end != Here.HERE) {
            return false;
        }
        try (Hashing hashing = new Hashing()) {
            Hash leaf = Nodes.leaf(hashing, key, Nodes.value(hashing, value));
            return root.equals(climb(hashing, key, leaf));
        }
    }

    /// Whether nothing is at `key` in the map of this root.
    public boolean isAbsent(Hash root, Hash key) {
        // = docs/spec/13-proofs.md R13.4
        try (Hashing hashing = new Hashing()) {
            return switch (end) {
                case Here _ -> false;
                case Nothing _ -> steps.isEmpty() && root.equals(Hash.ZERO);
                // That the other key has the same bits as far as the steps go, the root shows.
                case Other other ->
                    !other.key.equals(key)
                            && root.equals(climb(hashing, key, Nodes.leaf(hashing, other.key, other.value)));
                case Fork fork -> isForkAway(hashing, root, key, fork);
            };
        }
    }

    private boolean isForkAway(Hashing hashing, Hash root, Hash key, Fork fork) {
        int depth = depth();
        int end = depth + fork.skip;
        if (fork.skip == 0 || end >= Hash.BITS) {
            return false;
        }
        int differs = depth;
        while (differs < end && fork.key.bit(differs) == key.bit(differs)) {
            differs++;
        }
        Nodes.Skipped skipped = new Nodes.Skipped(fork.key, depth, fork.skip);
        return differs < end && root.equals(climb(hashing, key, Nodes.inner(hashing, skipped, fork.left, fork.right)));
    }

    /// The first bit that no step looks at.
    private int depth() {
        int depth = 0;
        for (Step step : steps) {
            depth += step.skip + 1;
        }
        return depth;
    }

    private @Nullable Hash climb(Hashing hashing, Hash key, Hash from) {
        int depth = depth();
        if (depth > Hash.BITS) {
            return null;
        }
        Hash hash = from;
        for (Step step : steps.reversed()) {
            int split = depth - 1;
            depth = split - step.skip;
            Nodes.Skipped skipped = new Nodes.Skipped(key, depth, step.skip);
            hash = key.bit(split)
                    ? Nodes.inner(hashing, skipped, step.sibling, hash)
                    : Nodes.inner(hashing, skipped, hash, step.sibling);
        }
        return hash;
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The proof that is the whole of `bytes`.
    public static Decoded<TrieProof> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, TrieProof::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        out.u8(
                switch (end) {
                    case Here _ -> HERE;
                    case Nothing _ -> NOTHING;
                    case Other _ -> OTHER;
                    case Fork _ -> FORK;
                });
        out.u8(steps.size());
        for (int start = 0; start < steps.size(); start += 8) {
            int skipping = 0;
            for (int i = start; i < Math.min(start + 8, steps.size()); i++) {
                skipping |= steps.get(i).skip > 0 ? 0x80 >>> (i - start) : 0;
            }
            out.u8(skipping);
        }
        for (Step step : steps) {
            if (step.skip > 0) {
                out.u8(step.skip);
            }
            out.hash(step.sibling);
        }
        switch (end) {
            case Here _, Nothing _ -> {}
            case Other(Hash key, Hash value) -> out.hash(key).hash(value);
            case Fork fork -> {
                out.u8(fork.skip);
                out.hash(fork.key).hash(fork.left).hash(fork.right);
            }
        }
    }

    /// Reads one.
    ///
    /// @throws MalformedException when it is none, or is written another way
    public static TrieProof read(ByteReader in) throws MalformedException {
        // = docs/spec/13-proofs.md R13.2
        int kind = in.u8(HERE, FORK, "end");
        int count = in.u8(0, STEPS_MAX, "number of steps");
        byte[] skipping = in.raw((count + 7) / 8);
        in.check(count % 8 == 0 || (skipping[count / 8] & (0xFF >>> (count % 8))) == 0, "bits for no step");
        Step[] steps = new Step[count];
        int depth = 0;
        for (int i = 0; i < count; i++) {
            boolean skips = (skipping[i / 8] & (0x80 >>> (i % 8))) != 0;
            steps[i] = new Step(skips ? in.u8(1, 255, "skip") : 0, in.hash());
            depth += steps[i].skip + 1;
        }
        in.check(depth <= Hash.BITS, "steps over " + depth + " bits");
        in.check(kind != NOTHING || count == 0, "steps to nothing");
        End end = switch (kind) {
            case HERE -> Here.HERE;
            case NOTHING -> Nothing.NOTHING;
            case OTHER -> new Other(in.hash(), in.hash());
            default -> readFork(in, depth);
        };
        return new TrieProof(List.of(steps), end);
    }

    private static Fork readFork(ByteReader in, int depth) throws MalformedException {
        int skip = in.u8(1, 255, "skip");
        in.check(depth + skip < Hash.BITS, "a fork below the last bit");
        Hash key = in.hash();
        in.check(key.equals(onlyBits(key, depth, skip)), "bits that the fork does not skip");
        return new Fork(key, skip, in.hash(), in.hash());
    }

    /* The key with `count` bits from `from` on, and zeros around them. */
    static Hash onlyBits(Hash key, int from, int count) {
        long[] words = new long[4];
        for (int i = from; i < from + count; i++) {
            words[i >>> 6] |= key.bit(i) ? 1L << (63 - (i & 63)) : 0;
        }
        return new Hash(words[0], words[1], words[2], words[3]);
    }
}
