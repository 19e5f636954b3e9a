package konce.names.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final int BLOCKS = 70;

    private static List<Hash> blocks() {
        List<Hash> blocks = new ArrayList<>();
        for (int i = 0; i < BLOCKS; i++) {
            blocks.add(Hashing.hash("block", new byte[] {(byte) i}));
        }
        return blocks;
    }

    /* MTH of RFC 6962, section 2.1, word for word but for the hash and its first bytes. */
    private static Hash root(List<Hash> blocks) {
        try (Hashing hashing = new Hashing()) {
            if (blocks.isEmpty()) {
                return Hash.ZERO;
            }
            if (blocks.size() == 1) {
                return hashing.raw(new byte[] {3}).hash(blocks.getFirst()).finish();
            }
            int k = 1;
            while (k * 2 < blocks.size()) {
                k *= 2;
            }
            Hash left = root(blocks.subList(0, k));
            Hash right = root(blocks.subList(k, blocks.size()));
            return hashing.raw(new byte[] {4}).hash(left).hash(right).finish();
        }
    }

    /// Goal: every block is proven in every history it is in, and is proven nowhere else.
    // = docs/spec/13-proofs.md R13.5 R13.6
    @Test
    void everyBlockIsProvenWhereItIs() {
        List<Hash> blocks = blocks();
        HistoryTree tree = new HistoryTree();
        HistoryPeaks peaks = HistoryPeaks.EMPTY;
        assertEquals(Hash.ZERO, peaks.root());
        for (int count = 1; count <= BLOCKS; count++) {
            tree.append(blocks.get(count - 1));
            peaks = peaks.with(blocks.get(count - 1));
            Hash root = root(blocks.subList(0, count));
            assertEquals(root, tree.root(count));
            assertEquals(root, peaks.root());
            for (int index = 0; index < count; index++) {
                HistoryProof proof = decoded(tree.inclusion(index, count));
                assertTrue(proof.includes(blocks.get(index), index, count, root));
                assertFalse(proof.includes(blocks.get((index + 1) % BLOCKS), index, count, root));
                assertFalse(proof.includes(blocks.get(index), index + 1, count, root));
                assertFalse(proof.includes(blocks.get(index), index, count + 64, root));
                assertFalse(proof.includes(blocks.get(index), -1, count, root));
            }
        }
    }

    /// Goal: every history is shown to begin with every shorter one, and with no other; a proof of which a hash is
    /// left out, doubled or changed shows nothing.
    // = docs/spec/13-proofs.md R13.7
    @Test
    void everyHistoryBeginsWithTheShorterOnes() {
        HistoryTree tree = new HistoryTree();
        blocks().forEach(tree::append);
        for (int count = 0; count <= BLOCKS; count++) {
            for (int before = 0; before <= count; before++) {
                HistoryProof proof = decoded(tree.consistency(before, count));
                Hash old = tree.root(before);
                Hash now = tree.root(count);
                assertTrue(proof.isConsistent(before, old, count, now), before + " of " + count);
                assertFalse(proof.isConsistent(before, Hashing.hash("x", new byte[0]), count, now));
                // Every history begins with none.
                assertEquals(
                        before == 0 && count > 0,
                        proof.isConsistent(before, old, count, Hashing.hash("x", new byte[0])));
                assertFalse(proof.isConsistent(count + 1, old, count, now));
                for (HistoryProof changed : changes(proof)) {
                    assertFalse(changed.isConsistent(before, old, count, now), before + " of " + count);
                }
            }
        }
    }

    private static List<HistoryProof> changes(HistoryProof proof) {
        List<HistoryProof> changes = new ArrayList<>();
        for (int i = 0; i < proof.path().size(); i++) {
            List<Hash> without = new ArrayList<>(proof.path());
            Hash hash = without.remove(i);
            changes.add(new HistoryProof(without));
            without.add(i, new Hash(~hash.word0(), hash.word1(), hash.word2(), hash.word3()));
            changes.add(new HistoryProof(without));
        }
        List<Hash> longer = new ArrayList<>(proof.path());
        longer.add(Hash.ZERO);
        changes.add(new HistoryProof(longer));
        return changes;
    }

    private static HistoryProof decoded(HistoryProof proof) {
        return switch (HistoryProof.decode(proof.encode())) {
            case Decoded.Value<HistoryProof>(HistoryProof value) -> {
                assertEquals(proof, value);
                yield value;
            }
            case Decoded.Malformed<HistoryProof>(String reason) -> throw new AssertionError(reason);
        };
    }

    /// Goal: a path of more than 64 hashes is not read, whatever it holds.
    // = docs/spec/13-proofs.md R13.6
    @Test
    void aPathIsBounded() {
        byte[] bytes = new byte[1 + 65 * Hash.BYTES];
        bytes[0] = 65;
        assertInstanceOf(Decoded.Malformed.class, HistoryProof.decode(bytes));
    }
}
