package konce.bench.report;

import java.util.Locale;

/// Something that is measured, and how its figures are read.
///
/// @param discipline it belongs to: `bulk`
/// @param name within it: `goodput`
/// @param unit of the samples as people read them: `GB/s`
/// @param scale a sample times this is in that unit
/// @param best what is better
public record Measure(String discipline, String name, String unit, double scale, Best best) {
    /// Which of two figures is better.
    public enum Best {
        HIGHEST,
        LOWEST
    }

    /// A sample as people read it, to three or four digits: `1.95`.
    public String text(double sample) {
        double shown = sample * scale;
        double size = Math.abs(shown);
        int digits = size >= 1_000 || shown == 0 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + digits + "f", shown);
    }

    /// Both names: `bulk goodput`.
    public String title() {
        return discipline + " " + name;
    }
}
