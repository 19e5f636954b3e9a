package konce.names.trie;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import org.junit.jupiter.api.Test;

class TrieTest {
    private static final int OPERATIONS = 100_000;

    /* Few different keys of few different beginnings: deep paths, skips, replaced values and removals all happen. */
    private static Hash key(SplittableRandom random) {
        long low = random.nextInt(20_000);
        return switch (random.nextInt(4)) {
            case 0 -> new Hash(0, 0, 0, low);
            case 1 -> new Hash(low << 44, 1, 0, 0);
            case 2 -> new Hash(-1, -1, low, 7);
            default -> new Hash(low * 0x9e37_79b9_7f4a_7c15L, low, low, low);
        };
    }

    private static byte[] value(SplittableRandom random) {
        byte[] value = new byte[random.nextInt(5)];
        random.nextBytes(value);
        return value;
    }

    /// Goal: after each of 100 000 random changes the map holds what a plain map holds; every 5 000 of them its
    /// root is
    /// that of a reference that knows nothing of nodes, and proofs for random keys hold, and for that only.
    // = docs/spec/13-proofs.md R13.1 R13.3 R13.4
    @Test
    void itAgreesWithANaiveReference() {
        long seed = 20_261_124;
        SplittableRandom random = new SplittableRandom(seed);
        Map<Hash, byte[]> plain = new TreeMap<>();
        Trie trie = Trie.EMPTY;
        for (int i = 1; i <= OPERATIONS; i++) {
            Hash key = key(random);
            if (random.nextInt(3) == 0) {
                plain.remove(key);
                trie = trie.without(key);
            } else {
                byte[] value = value(random);
                plain.put(key, value);
                trie = trie.with(key, value);
            }
            assertEquals(plain.size(), trie.size());
            Hash other = key(random);
            assertArrayEquals(plain.get(other), trie.find(other));
            if (i % 5_000 == 0) {
                checkAgainst(plain, trie, random);
            }
        }
    }

    private static void checkAgainst(Map<Hash, byte[]> plain, Trie trie, SplittableRandom random) {
        Hash root = naiveRoot(List.copyOf(plain.entrySet()), 0);
        assertEquals(root, trie.root());
        List<Trie.Entry> entries = new ArrayList<>();
        trie.forEach(entries::add);
        assertEquals(
                List.copyOf(plain.keySet()),
                entries.stream().map(Trie.Entry::key).toList());
        assertEquals(root, Trie.ofSorted(entries).root());
        for (int i = 0; i < 200; i++) {
            Hash key = key(random);
            byte[] value = plain.get(key);
            TrieProof proof = decoded(trie.prove(key).encode());
            assertEquals(trie.prove(key), proof);
            assertEquals(value == null, proof.isAbsent(root, key));
            byte[] other = {9, 9, 9, 9, 9, 9};
            assertFalse(proof.isPresent(root, key, other));
            if (value != null) {
                assertTrue(proof.isPresent(root, key, value));
                assertFalse(proof.isAbsent(root, key));
            }
        }
    }

    private static TrieProof decoded(byte[] bytes) {
        return switch (TrieProof.decode(bytes)) {
            case Decoded.Value<TrieProof>(TrieProof proof) -> proof;
            case Decoded.Malformed<TrieProof>(String reason) -> throw new AssertionError(reason);
        };
    }

    /* From the definition: no nodes, only sorted keys. */
    private static Hash naiveRoot(List<Map.Entry<Hash, byte[]>> sorted, int from) {
        try (Hashing hashing = new Hashing()) {
            if (sorted.isEmpty()) {
                return Hash.ZERO;
            }
            Hash first = sorted.getFirst().getKey();
            if (sorted.size() == 1) {
                Hash value = hashing.raw(sorted.getFirst().getValue()).finish();
                return hashing.raw(new byte[] {0}).hash(first).hash(value).finish();
            }
            int split = from;
            while (first.bit(split) == sorted.getLast().getKey().bit(split)) {
                split++;
            }
            int middle = 0;
            while (!sorted.get(middle).getKey().bit(split)) {
                middle++;
            }
            Hash left = naiveRoot(sorted.subList(0, middle), split + 1);
            Hash right = naiveRoot(sorted.subList(middle, sorted.size()), split + 1);
            int skipped = split - from;
            if (skipped == 0) {
                return hashing.raw(new byte[] {1}).hash(left).hash(right).finish();
            }
            byte[] bits = new byte[(skipped + 7) / 8];
            for (int i = 0; i < skipped; i++) {
                bits[i / 8] |= (byte) (first.bit(from + i) ? 1 << (7 - i % 8) : 0);
            }
            byte[] head = {2, (byte) skipped, 0};
            return hashing.raw(head).raw(bits).hash(left).hash(right).finish();
        }
    }

    /// Goal: the roots are those of npm's urkel, an implementation that is not ours. Method: the script beside the
    /// table ran the same changes through it and wrote down the root after every thousand.
    // = docs/spec/13-proofs.md R13.1
    @Test
    void itsRootsAreThoseOfUrkel() throws IOException {
        Trie trie = Trie.EMPTY;
        long state = 1;
        int compared = 0;
        try (BufferedReader table = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(TrieTest.class.getResourceAsStream("urkel-1.0.3.txt")),
                StandardCharsets.US_ASCII))) {
            for (String line = table.readLine(); line != null; line = table.readLine()) {
                int count = Integer.parseInt(line.substring(0, line.indexOf(' ')));
                for (int i = 0; i < count; i++) {
                    state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L;
                    Hash key = hash(ByteBuffer.allocate(8)
                            .putLong(state >>> 33 & 0x3FFF)
                            .array());
                    trie = (state >>> 60) < 5
                            ? trie.without(key)
                            : trie.with(
                                    key, ByteBuffer.allocate(8).putLong(state).array());
                }
                assertEquals(line.substring(line.indexOf(' ') + 1), trie.root().toString());
                compared++;
            }
        }
        assertEquals(100, compared);
    }

    private static Hash hash(byte[] bytes) {
        try (Hashing hashing = new Hashing()) {
            return hashing.raw(bytes).finish();
        }
    }

    /// Goal: a proof in which any bit is changed proves nothing, or is no proof; nor is one that is cut or longer.
    // = docs/spec/13-proofs.md R13.2 R13.3 R13.4
    @Test
    void aChangedProofProvesNothing() {
        SplittableRandom random = new SplittableRandom(5);
        Trie trie = Trie.EMPTY;
        List<Hash> keys = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            keys.add(key(random));
            trie = trie.with(keys.getLast(), new byte[] {1});
        }
        Hash root = trie.root();
        int ends = 0;
        for (int i = 0; i < 40; i++) {
            Hash key = i % 2 == 0 ? key(random) : keys.get(i);
            byte[] value = trie.find(key);
            byte[] bytes = trie.prove(key).encode();
            ends |= 1 << bytes[0];
            for (int bit = 0; bit < bytes.length * 8; bit++) {
                byte[] changed = bytes.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                if (TrieProof.decode(changed) instanceof Decoded.Value<TrieProof>(TrieProof proof)) {
                    assertArrayEquals(changed, proof.encode());
                    assertFalse(proof.isPresent(root, key, new byte[] {1}));
                    assertFalse(proof.isAbsent(root, key));
                }
            }
            for (int length = 0; length < bytes.length; length++) {
                assertInstanceOf(Decoded.Malformed.class, TrieProof.decode(Arrays.copyOf(bytes, length)));
            }
            assertInstanceOf(Decoded.Malformed.class, TrieProof.decode(Arrays.copyOf(bytes, bytes.length + 1)));
            assertEquals(value != null, trie.prove(key).isPresent(root, key, new byte[] {1}));
        }
        assertEquals(0b1101, ends, "proofs of every end were tried");
    }

    /// Goal: lies about presence. A proof of one key is none of another, and a proof of presence is none of
    /// absence.
    // = docs/spec/13-proofs.md R13.3 R13.4
    @Test
    void aProofIsOfItsKeyOnly() {
        Hash here = new Hash(1, 2, 3, 4);
        Hash beside = new Hash(1, 2, 3, 5);
        Hash gone = new Hash(-1, 0, 0, 0);
        byte[] value = {7};
        Trie trie = Trie.EMPTY.with(here, value).with(beside, value);
        Hash root = trie.root();
        assertTrue(trie.prove(here).isPresent(root, here, value));
        assertFalse(trie.prove(here).isPresent(root, beside, value));
        assertFalse(trie.prove(here).isAbsent(root, here));
        assertFalse(trie.prove(gone).isAbsent(root, here));
        assertFalse(trie.prove(gone).isPresent(root, gone, value));
        assertTrue(trie.prove(gone).isAbsent(root, gone));
        try (Hashing hashing = new Hashing()) {
            TrieProof.Other itself =
                    new TrieProof.Other(here, hashing.raw(value).finish());
            assertFalse(new TrieProof(trie.prove(here).steps(), itself).isAbsent(root, here));
        }
        assertFalse(trie.prove(gone).isAbsent(trie.without(here).root(), gone));
        assertTrue(Trie.EMPTY.prove(gone).isAbsent(Hash.ZERO, gone));
        assertFalse(Trie.EMPTY.prove(here).isAbsent(root, here));
        assertNull(trie.find(gone));
        assertThrows(
                IllegalArgumentException.class,
                () -> Trie.ofSorted(List.of(new Trie.Entry(beside, value), new Trie.Entry(here, value))));
    }
}
