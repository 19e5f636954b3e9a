package konce.names.ledger;

import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.MalformedException;

/// The numbers a ledger lives by. They stand in its genesis and never change.
///
/// - unit: seconds, and grains
///
/// @param commitSecondsMin how old a commitment is at least when it is revealed
/// @param commitSecondsMax how old at most
/// @param yearSeconds what a year of rent buys
/// @param graceSeconds how long a name that has expired still belongs to its owner
/// @param lockSeconds how long a transfer or an offer can be called off before it takes effect
/// @param recoverySeconds how long a recovery can be called off
/// @param feeGrainsMin what a transaction burns at least
/// @param accountGrains what a new account burns
/// @param rentGrains rent of a year for names of 1, 2, 3, 4, and 5 or more characters
public record Parameters(
        long commitSecondsMin,
        long commitSecondsMax,
        long yearSeconds,
        long graceSeconds,
        long lockSeconds,
        long recoverySeconds,
        long feeGrainsMin,
        long accountGrains,
        List<Long> rentGrains) {
    /// No wait of the ledger's is longer: twenty years.
    public static final long SECONDS_MAX = 20L * 366 * 86_400;

    /// Lengths of names that have a rent of their own.
    public static final int RENTS = 5;

    private static final long DAY = 86_400;

    /// For a ledger that people use.
    public static final Parameters STANDARD = new Parameters(
            60,
            DAY,
            365 * DAY,
            60 * DAY,
            3 * DAY,
            14 * DAY,
            1_000,
            10_000,
            List.of(
                    2_000 * Coins.GRAINS_PER_COIN,
                    800 * Coins.GRAINS_PER_COIN,
                    200 * Coins.GRAINS_PER_COIN,
                    40 * Coins.GRAINS_PER_COIN,
                    Coins.GRAINS_PER_COIN));

    /// For demonstrations and tests: the same prices, and everything that takes days takes seconds.
    public static final Parameters QUICK =
            new Parameters(1, 600, 365 * DAY, 60 * DAY, 5, 10, 1_000, 10_000, STANDARD.rentGrains);

    public Parameters {
        rentGrains = List.copyOf(rentGrains);
        if (!areInRange(
                List.of(commitSecondsMin, commitSecondsMax, yearSeconds, graceSeconds, lockSeconds, recoverySeconds),
                SECONDS_MAX)) {
            throw new IllegalArgumentException("a time is not in 0.." + SECONDS_MAX);
        }
        if (rentGrains.size() != RENTS
                || !areInRange(rentGrains, Coins.GRAINS_MAX / NameRecord.YEARS_MAX)
                || !areInRange(List.of(feeGrainsMin, accountGrains), Coins.GRAINS_MAX)) {
            throw new IllegalArgumentException("a price is out of range, or there are not " + RENTS + " rents");
        }
    }

    private static boolean areInRange(List<Long> values, long max) {
        return values.stream().allMatch(value -> value >= 0 && value <= max);
    }

    /// Grains for `years` years of a name.
    public long rent(Name name, int years) {
        // = docs/spec/12-ledger.md R12.16
        return rentGrains.get(Math.min(name.text().length(), RENTS) - 1) * years;
    }

    void write(ByteWriter out) {
        out.u63(commitSecondsMin).u63(commitSecondsMax).u63(yearSeconds).u63(graceSeconds);
        out.u63(lockSeconds).u63(recoverySeconds).u63(feeGrainsMin).u63(accountGrains);
        rentGrains.forEach(out::u63);
    }

    static Parameters read(ByteReader in) throws MalformedException {
        long[] seconds = new long[6];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = in.u63(SECONDS_MAX, "time");
        }
        long fee = in.u63(Coins.GRAINS_MAX, "fee");
        long account = in.u63(Coins.GRAINS_MAX, "fee");
        Long[] rents = new Long[RENTS];
        for (int i = 0; i < RENTS; i++) {
            rents[i] = in.u63(Coins.GRAINS_MAX / NameRecord.YEARS_MAX, "rent");
        }
        return new Parameters(
                seconds[0], seconds[1], seconds[2], seconds[3], seconds[4], seconds[5], fee, account, List.of(rents));
    }
}
