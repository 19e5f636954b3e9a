package konce.bench.report;

/// Something that must be shown, and whether it is.
///
/// @param name what: `bulk, 1,440-byte packets, AEGIS-256: times Netty QUIC`
/// @param figure the median of this run; of ratios, the median of the rounds' ratios
/// @param bar `at least 4`
/// @param met whether the figure reaches the bar
public record Bar(String name, double figure, String bar, boolean met) {
    public static Bar atLeast(String name, double figure, double bar) {
        return new Bar(name, figure, "at least " + plain(bar), figure >= bar);
    }

    public static Bar atMost(String name, double figure, double bar) {
        return new Bar(name, figure, "at most " + plain(bar), figure <= bar);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
