package konce.names.checkpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;

/// A checkpoint and the witnesses' signatures that have come in so far.
///
/// @param set the number of the witness set
/// @param signatures in the order of witnesses, each at most once
public record SignedCheckpoint(Checkpoint checkpoint, int set, List<WitnessSignature> signatures) {
    /// The longest encoding.
    public static final int BYTES_MAX = Checkpoint.BYTES + 4 + 2 + WitnessSet.WITNESSES_MAX * WitnessSignature.BYTES;

    public SignedCheckpoint {
        signatures = signatures.stream()
                .sorted(Comparator.comparingInt(WitnessSignature::witness))
                .toList();
        if (set < 0
                || signatures.size() > WitnessSet.WITNESSES_MAX
                || !IndexedSignature.areInOrder(indices(signatures))) {
            throw new IllegalArgumentException("set " + set + ", " + signatures.size() + " signatures");
        }
    }

    private static List<Integer> indices(List<WitnessSignature> signatures) {
        return signatures.stream().map(WitnessSignature::witness).toList();
    }

    /// How many of the signatures are right, and since when a quorum of them has been: what a client believes in.
    ///
    /// @param valid signatures that are right
    /// @param timeSeconds the newest time at or after which a quorum signed, or -1 when no quorum did
    public record Quorum(int valid, long timeSeconds) {
        /// Whether enough witnesses signed.
        public boolean isReached() {
            return timeSeconds >= 0;
        }
    }

    /// Checks signatures, the newest first, until a quorum is found.
    public Quorum quorum(WitnessKeys keys) {
        // = docs/spec/14-witnesses.md R14.2
        if (set != keys.set().number()) {
            return new Quorum(0, -1);
        }
        List<WitnessSignature> newestFirst = new ArrayList<>(signatures);
        newestFirst.sort(Comparator.comparingLong(WitnessSignature::timeSeconds).reversed());
        int valid = 0;
        for (WitnessSignature signature : newestFirst) {
            valid += signature.isOver(keys, checkpoint) ? 1 : 0;
            if (valid == keys.set().quorum()) {
                return new Quorum(valid, signature.timeSeconds());
            }
        }
        return new Quorum(valid, -1);
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The signed checkpoint that is the whole of `bytes`.
    public static Decoded<SignedCheckpoint> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, SignedCheckpoint::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        checkpoint.write(out);
        out.u31(set).list16(signatures, WitnessSignature::write);
    }

    /// Reads one.
    public static SignedCheckpoint read(ByteReader in) throws MalformedException {
        Checkpoint checkpoint = Checkpoint.read(in);
        int set = in.u31();
        List<WitnessSignature> signatures = in.list16(WitnessSet.WITNESSES_MAX, "signatures", WitnessSignature::read);
        in.check(IndexedSignature.areInOrder(indices(signatures)), "signatures out of order, or one twice");
        return new SignedCheckpoint(checkpoint, set, signatures);
    }
}
