package konce.names.ledger;

import java.util.Comparator;
import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;

/// What a ledger begins with. Its hash is the ledger's name in every signature: nothing signed for one ledger is good
/// on another.
///
/// @param title what people call the ledger; printable ASCII
/// @param timeSeconds when it begins, in seconds of Unix time
/// @param allocations the first accounts and their grains, in the order of keys
public record Genesis(
        String title, long timeSeconds, Parameters parameters, List<Allocation> allocations, WitnessSet witnesses) {
    /// Characters of the longest title.
    public static final int TITLE_CHARS_MAX = 63;

    /// The most accounts a ledger begins with.
    public static final int ALLOCATIONS_MAX = 10_000;

    /// The longest encoding.
    public static final int BYTES_MAX =
            1 + TITLE_CHARS_MAX + 8 + 13 * 8 + 2 + ALLOCATIONS_MAX * (Key.BYTES + 8) + WitnessSet.BYTES_MAX;

    /// An account and what it begins with.
    public record Allocation(Key account, long grains) {
        static Allocation read(ByteReader in) throws MalformedException {
            return new Allocation(in.key(), in.u63(Coins.GRAINS_MAX, "grains"));
        }

        void write(ByteWriter out) {
            out.key(account).u63(grains);
        }
    }

    public Genesis {
        allocations = allocations.stream()
                .sorted(Comparator.comparing(Allocation::account))
                .toList();
        if (title.length() > TITLE_CHARS_MAX
                || !title.chars().allMatch(c -> c >= 0x20 && c < 0x7F)
                || timeSeconds < 0
                || timeSeconds > Checkpoint.TIME_SECONDS_MAX
                || witnesses.number() != 0
                || !isSound(allocations)) {
            throw new IllegalArgumentException(
                    "a genesis whose title, time, first witness set or allocations are out of range");
        }
    }

    private static boolean isSound(List<Allocation> allocations) {
        long supply = 0;
        for (int i = 0; i < allocations.size(); i++) {
            Allocation next = allocations.get(i);
            supply += next.grains;
            if ((i > 0 && allocations.get(i - 1).account.compareTo(next.account) >= 0)
                    || next.grains < 0
                    || supply > Coins.GRAINS_MAX
                    || supply < 0) {
                return false;
            }
        }
        return allocations.size() <= ALLOCATIONS_MAX;
    }

    /// All grains there are at the beginning.
    public long supply() {
        return allocations.stream().mapToLong(Allocation::grains).sum();
    }

    /// The ledger's name in signatures.
    public Hash id() {
        return Hashing.hash("konce genesis 1", encode());
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter().text8(title).u63(timeSeconds);
        parameters.write(out);
        out.list16(allocations, Allocation::write);
        witnesses.write(out);
        return out.toBytes();
    }

    /// The genesis that is the whole of `bytes`.
    public static Decoded<Genesis> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, Genesis::read);
    }

    static Genesis read(ByteReader in) throws MalformedException {
        String title = in.text8();
        in.check(title.length() <= TITLE_CHARS_MAX, "a title that is too long");
        long timeSeconds = in.u63(Checkpoint.TIME_SECONDS_MAX, "time");
        Parameters parameters = Parameters.read(in);
        List<Allocation> allocations = in.list16(ALLOCATIONS_MAX, "allocations", Allocation::read);
        in.check(isSound(allocations), "allocations out of order, or too much");
        WitnessSet witnesses = WitnessSet.read(in);
        in.check(witnesses.number() == 0, "a witness set that is not the first");
        return new Genesis(title, timeSeconds, parameters, allocations, witnesses);
    }
}
