package konce.names.ledger;

import java.util.Locale;

/// Amounts of coins. The ledger counts grains, whole numbers; a person reads coins.
public final class Coins {
    /// Grains in a coin.
    public static final long GRAINS_PER_COIN = 1_000_000;

    /// All grains there may be: sums of them stay below 2^63.
    public static final long GRAINS_MAX = 1L << 60;

    private static final int DECIMALS = 6;

    private Coins() {}

    /// The amount as a person reads it: `12.5` for 12 500 000 grains.
    public static String text(long grains) {
        String whole = Long.toString(grains / GRAINS_PER_COIN);
        String rest = String.format(Locale.ROOT, "%06d", grains % GRAINS_PER_COIN);
        int end = DECIMALS;
        while (end > 0 && rest.charAt(end - 1) == '0') {
            end--;
        }
        return end == 0 ? whole : whole + "." + rest.substring(0, end);
    }

    /// Grains of a text such as `12.5`.
    ///
    /// @throws IllegalArgumentException when it is no such number, has more than six decimals or is above
    /// [#GRAINS_MAX]; the message is a line for a person
    public static long parse(String text) {
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        String rest = point < 0 ? "" : text.substring(point + 1);
        boolean digits = (whole + rest).chars().allMatch(c -> c >= '0' && c <= '9');
        if (whole.isEmpty()
                || whole.length() > 13
                || !digits
                || rest.length() > DECIMALS
                || point == text.length() - 1) {
            throw new IllegalArgumentException(
                    "an amount of coins is a number such as 12.5, with at most six decimals");
        }
        long coins = Long.parseLong(whole);
        long grains = Math.min(coins, GRAINS_MAX / GRAINS_PER_COIN + 1) * GRAINS_PER_COIN
                + (rest.isEmpty() ? 0 : Long.parseLong(rest + "0".repeat(DECIMALS - rest.length())));
        if (grains > GRAINS_MAX) {
            throw new IllegalArgumentException("there are not so many coins");
        }
        return grains;
    }
}
