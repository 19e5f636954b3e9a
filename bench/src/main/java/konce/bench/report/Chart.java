package konce.bench.report;

import java.util.List;
import java.util.Locale;

/// A measure as SVG: for each contestant a bar to its median, with a line from its least to its greatest sample and a
/// box
/// around the middle half.
final class Chart {
    static final int WIDTH = 920;
    private static final int LABEL_WIDTH = 330;
    private static final int FIGURE_WIDTH = 90;
    private static final int ROW_HEIGHT = 22;
    private static final int HEAD_HEIGHT = 34;
    private static final String OWN = "#1f6feb";
    private static final String OTHERS = "#8b949e";

    private final StringBuilder out = new StringBuilder();

    private Chart() {}

    /// All measures of a run, one below the other.
    ///
    /// @param own whose names begin with this is drawn in another colour
    static String of(Results results, String own) {
        Chart chart = new Chart();
        int height = 10;
        for (Measure measure : results.measures()) {
            chart.panel(results, measure, own, height);
            height += HEAD_HEIGHT + ROW_HEIGHT * results.of(measure).size() + 10;
        }
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" font-size=\"12\">\n"
                                + "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
                        WIDTH,
                        height,
                        WIDTH,
                        height)
                + chart.out
                + "</svg>\n";
    }

    private void panel(Results results, Measure measure, String own, int top) {
        List<Series> all = results.of(measure);
        double most = all.stream().mapToDouble(one -> one.spread().max()).max().orElse(0);
        double scale = most <= 0 ? 0 : (WIDTH - LABEL_WIDTH - FIGURE_WIDTH) / most;
        String better = measure.best() == Measure.Best.HIGHEST ? "more is better" : "less is better";
        add(
                "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s, %s (%s)</text>\n",
                top + 18, escape(measure.title()), escape(measure.unit()), better);
        int y = top + HEAD_HEIGHT;
        for (Series one : all) {
            row(results.title(one.contestant()), one, y, scale, one.contestant().startsWith(own) ? OWN : OTHERS);
            y += ROW_HEIGHT;
        }
    }

    private void row(String title, Series series, int y, double scale, String colour) {
        Spread spread = series.spread();
        double middle = y + ROW_HEIGHT / 2.0 - 3;
        add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", LABEL_WIDTH - 8, middle + 4, escape(title));
        add(
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" fill-opacity=\"0.75\"/>\n",
                LABEL_WIDTH, y, spread.median() * scale, ROW_HEIGHT - 6, colour);
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#24292f\"/>\n",
                LABEL_WIDTH + spread.min() * scale, middle, LABEL_WIDTH + spread.max() * scale, middle);
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"8\" fill=\"none\" stroke=\"#24292f\"/>\n",
                LABEL_WIDTH + spread.lowerQuartile() * scale,
                middle - 4,
                (spread.upperQuartile() - spread.lowerQuartile()) * scale);
        add(
                "<text x=\"%.1f\" y=\"%.1f\">%s</text>\n",
                LABEL_WIDTH + spread.max() * scale + 8,
                middle + 4,
                escape(series.measure().text(spread.median())));
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
