package konce.names.checkpoint;

import java.util.Comparator;
import java.util.List;
import konce.crypto.SigningKey;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.MalformedException;
import konce.names.encoding.Signature;

/// The next witness set, signed by a quorum of the one before.
///
/// @param genesis whose ledger's witnesses they are
/// @param before the hash of the set that signs
/// @param signatures by its witnesses, in their order, each at most once
public record WitnessSetChange(Hash genesis, Hash before, WitnessSet next, List<IndexedSignature> signatures) {
    /// The longest encoding.
    public static final int BYTES_MAX =
            2 * Hash.BYTES + WitnessSet.BYTES_MAX + 2 + WitnessSet.WITNESSES_MAX * (1 + Signature.BYTES);

    public WitnessSetChange {
        signatures = signatures.stream()
                .sorted(Comparator.comparingInt(IndexedSignature::index))
                .toList();
        if (signatures.size() > WitnessSet.WITNESSES_MAX || !IndexedSignature.areInOrder(indices(signatures))) {
            throw new IllegalArgumentException(signatures.size() + " signatures, too many or one twice");
        }
    }

    private static List<Integer> indices(List<IndexedSignature> signatures) {
        return signatures.stream().map(IndexedSignature::index).toList();
    }

    /// The signature of the witness at `index` of the set before.
    public static IndexedSignature sign(SigningKey key, int index, Hash genesis, Hash before, WitnessSet next) {
        return new IndexedSignature(index, Signature.sign(key, message(genesis, before, next)));
    }

    /// Whether `current` has decided that this set follows.
    public boolean follows(Hash genesisHeld, WitnessKeys current) {
        // = docs/spec/14-witnesses.md R14.4
        WitnessSet set = current.set();
        if (!genesis.equals(genesisHeld)
                || !before.equals(set.hash())
                || next.number() != set.number() + 1
                || next.fromHeight() <= set.fromHeight()) {
            return false;
        }
        byte[] message = message(genesis, before, next);
        int valid = 0;
        for (IndexedSignature each : signatures) {
            valid += each.index() < set.witnesses().size()
                            && each.signature().isBy(current.witness(each.index()), message)
                    ? 1
                    : 0;
        }
        return valid >= set.quorum();
    }

    private static byte[] message(Hash genesis, Hash before, WitnessSet next) {
        ByteWriter out = new ByteWriter()
                .text8("konce witness set change 1")
                .hash(genesis)
                .hash(before);
        next.write(out);
        return out.toBytes();
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The change that is the whole of `bytes`.
    public static Decoded<WitnessSetChange> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, WitnessSetChange::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        out.hash(genesis).hash(before);
        next.write(out);
        out.list16(signatures, IndexedSignature::write);
    }

    /// Reads one.
    public static WitnessSetChange read(ByteReader in) throws MalformedException {
        Hash genesis = in.hash();
        Hash before = in.hash();
        WitnessSet next = WitnessSet.read(in);
        List<IndexedSignature> signatures = in.list16(WitnessSet.WITNESSES_MAX, "signatures", IndexedSignature::read);
        in.check(IndexedSignature.areInOrder(indices(signatures)), "signatures out of order, or one twice");
        return new WitnessSetChange(genesis, before, next, signatures);
    }
}
