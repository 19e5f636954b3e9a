package konce.names.checkpoint;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// Who may propose checkpoints and who countersigns them, from some height on.
///
/// - source: docs/spec/14-witnesses.md, section 2
///
/// @param number 0 for the set that the genesis names, one more for each that follows
/// @param fromHeight the first height this set signs
/// @param sequencers 1 to [#SEQUENCERS_MAX] keys, each of which may propose
/// @param witnesses 3f + 1 keys, at most [#WITNESSES_MAX]; f of them may lie
public record WitnessSet(int number, long fromHeight, List<Key> sequencers, List<Key> witnesses) {
    /// More machines than one engine orders with.
    public static final int SEQUENCERS_MAX = 16;

    /// f is 10 at most: a client checks 21 signatures, about a millisecond.
    public static final int WITNESSES_MAX = 31;

    /// The longest encoding.
    public static final int BYTES_MAX = 4 + 8 + 2 + 2 + (SEQUENCERS_MAX + WITNESSES_MAX) * Key.BYTES;

    public WitnessSet {
        sequencers = List.copyOf(sequencers);
        witnesses = List.copyOf(witnesses);
        String offence = offence(number, fromHeight, sequencers, witnesses);
        if (offence != null) {
            throw new IllegalArgumentException(offence);
        }
    }

    private static @Nullable String offence(int number, long fromHeight, List<Key> sequencers, List<Key> witnesses) {
        // = docs/spec/14-witnesses.md R14.1
        if (number < 0 || fromHeight < 0 || (number == 0 && fromHeight != 0)) {
            return "set " + number + " from height " + fromHeight;
        }
        if (sequencers.isEmpty() || sequencers.size() > SEQUENCERS_MAX) {
            return sequencers.size() + " sequencers, not 1 to " + SEQUENCERS_MAX;
        }
        if (witnesses.size() % 3 != 1 || witnesses.size() > WITNESSES_MAX) {
            return witnesses.size() + " witnesses are not 3f + 1, or more than " + WITNESSES_MAX;
        }
        Set<Key> all = new HashSet<>(sequencers);
        all.addAll(witnesses);
        return all.size() < sequencers.size() + witnesses.size() ? "a key that stands twice" : null;
    }

    /// How many witnesses may lie without fooling anyone: f of 3f + 1.
    public int liarsMax() {
        return (witnesses.size() - 1) / 3;
    }

    /// How many must sign: 2f + 1.
    public int quorum() {
        return 2 * liarsMax() + 1;
    }

    /// What a later set names as the one before it.
    public Hash hash() {
        return Hashing.hash("konce witness set 1", encode());
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The set that is the whole of `bytes`.
    public static Decoded<WitnessSet> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, WitnessSet::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        out.u31(number).u63(fromHeight);
        out.list16(sequencers, (key, to) -> to.key(key));
        out.list16(witnesses, (key, to) -> to.key(key));
    }

    /// Reads one.
    public static WitnessSet read(ByteReader in) throws MalformedException {
        int number = in.u31();
        long fromHeight = in.u63();
        List<Key> sequencers = in.list16(SEQUENCERS_MAX, "sequencers", ByteReader::key);
        List<Key> witnesses = in.list16(WITNESSES_MAX, "witnesses", ByteReader::key);
        String offence = offence(number, fromHeight, sequencers, witnesses);
        in.check(offence == null, String.valueOf(offence));
        return new WitnessSet(number, fromHeight, sequencers, witnesses);
    }
}
