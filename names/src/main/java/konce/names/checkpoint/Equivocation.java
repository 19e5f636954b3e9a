package konce.names.checkpoint;

import java.util.ArrayList;
import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;

/// Two signed checkpoints that cannot both be true: of one ledger and one height, with different roots. Whoever signed
/// both has lied, and this shows it to anyone.
public record Equivocation(SignedCheckpoint one, SignedCheckpoint other) {
    /// The longest encoding.
    public static final int BYTES_MAX = 2 * SignedCheckpoint.BYTES_MAX;

    /// Whether these two contradict each other, whoever signed them.
    public static boolean isBetween(Checkpoint one, Checkpoint other) {
        return one.genesis().equals(other.genesis()) && one.height() == other.height() && !one.equals(other);
    }

    /// The witnesses that signed both. With a quorum on each side these are at least f + 1.
    public List<Key> liars(WitnessKeys keys) {
        // = docs/spec/14-witnesses.md R14.9
        List<Key> liars = new ArrayList<>();
        if (isBetween(one.checkpoint(), other.checkpoint())) {
            for (int witness = 0; witness < keys.set().witnesses().size(); witness++) {
                if (isSignedBy(one, witness, keys) && isSignedBy(other, witness, keys)) {
                    liars.add(keys.set().witnesses().get(witness));
                }
            }
        }
        return liars;
    }

    private static boolean isSignedBy(SignedCheckpoint signed, int witness, WitnessKeys keys) {
        return signed.set() == keys.set().number()
                && signed.signatures().stream()
                        .anyMatch(each -> each.witness() == witness && each.isOver(keys, signed.checkpoint()));
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        one.write(out);
        other.write(out);
        return out.toBytes();
    }

    /// The evidence that is the whole of `bytes`.
    public static Decoded<Equivocation> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, Equivocation::read);
    }

    private static Equivocation read(ByteReader in) throws MalformedException {
        return new Equivocation(SignedCheckpoint.read(in), SignedCheckpoint.read(in));
    }
}
