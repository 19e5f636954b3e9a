package konce.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Quantities over time as SVG: panels one below the other on one time axis, with spans of time marked and named.
public final class Curves {
    private static final int WIDTH = 1_100;
    private static final int LEFT = 90;
    private static final int RIGHT = 20;
    private static final int PANEL = 150;
    private static final int GAP = 44;
    private static final int SPANS = 96;
    private static final List<String> COLOURS = List.of("#1f6feb", "#cf222e", "#1a7f37", "#8250df", "#9a6700");

    /// A curve.
    ///
    /// @param points in the order of their times, in seconds
    public record Curve(String name, List<Trend.Point> points) {}

    /// Curves of one quantity.
    public record Panel(String title, List<Curve> curves) {}

    /// A time that something went on.
    public record Span(String name, double from, double to) {}

    private final StringBuilder out = new StringBuilder();
    private final double seconds;

    private Curves(double seconds) {
        this.seconds = Math.max(seconds, 1e-9);
    }

    /// Draws them.
    public static String svg(List<Panel> panels, List<Span> spans) {
        double end = 0;
        for (Span span : spans) {
            end = Math.max(end, span.to);
        }
        Curves curves = new Curves(end);
        int height = SPANS + panels.size() * (PANEL + GAP) + 10;
        curves.add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"11\">\n<rect width=\"100%%\" height=\"100%%\""
                        + " fill=\"#ffffff\"/>\n",
                WIDTH, height, WIDTH, height);
        curves.spans(spans, height);
        int top = SPANS;
        for (Panel panel : panels) {
            curves.panel(panel, top);
            top += PANEL + GAP;
        }
        return curves.out.append("</svg>\n").toString();
    }

    private double x(double time) {
        return LEFT + time / seconds * (WIDTH - LEFT - RIGHT);
    }

    private void spans(List<Span> spans, int height) {
        for (int i = 0; i < spans.size(); i++) {
            Span span = spans.get(i);
            if (i % 2 == 0) {
                add(
                        "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#f6f8fa\"/>\n",
                        x(span.from), SPANS - 8, x(span.to) - x(span.from), height - SPANS);
            }
            add(
                    "<text transform=\"translate(%.1f,%d) rotate(-35)\" font-size=\"10\">%s</text>\n",
                    (x(span.from) + x(span.to)) / 2, SPANS - 12, escape(span.name));
        }
    }

    private void panel(Panel panel, int top) {
        double most = 0;
        for (Curve curve : panel.curves) {
            for (Trend.Point point : curve.points) {
                most = Math.max(most, point.value());
            }
        }
        int bottom = top + PANEL;
        add("<text x=\"%d\" y=\"%d\" font-weight=\"bold\">%s</text>\n", LEFT, top + 4, escape(panel.title));
        add(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#57606a\"/>\n",
                LEFT, bottom, WIDTH - RIGHT, bottom);
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 6, bottom + 4, "0");
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%,.4g</text>\n", LEFT - 6, top + 20, most);
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f s</text>\n", WIDTH - RIGHT, bottom + 14, seconds);
        double scale = most <= 0 ? 0 : (PANEL - 16) / most;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < panel.curves.size(); i++) {
            Curve curve = panel.curves.get(i);
            String colour = COLOURS.get(i % COLOURS.size());
            StringBuilder line = new StringBuilder();
            for (Trend.Point point : curve.points) {
                line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.time()), bottom - point.value() * scale));
            }
            add(
                    "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.3\"/>\n",
                    line.toString().strip(), colour);
            names.add("<tspan fill=\"" + colour + "\">" + escape(curve.name) + "</tspan>");
        }
        out.append("<text x=\"")
                .append(LEFT)
                .append("\" y=\"")
                .append(bottom + 14)
                .append("\">")
                .append(String.join("   ", names))
                .append("</text>\n");
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
