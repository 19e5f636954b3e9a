package konce.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/// Results that are made up, in each form they are written in.
class ReportsTest {
    private static final Measure GOODPUT = new Measure("bulk", "goodput", "GB/s", 1e-9, Measure.Best.HIGHEST);
    private static final String TRICKY = "<&\" | peer";

    private static Results results() {
        Results results = new Results();
        results.enter(new Results.Entrant("konce-a", "Konce", List.of("none")));
        results.enter(new Results.Entrant("peer", TRICKY, List.of("this", "that")));
        results.note("machine", "made up");
        for (int round = 0; round < 4; round++) {
            results.add(GOODPUT, "peer", round, (round + 1) * 1e9);
            results.add(GOODPUT, "konce-a", round, (round + 1) * 2e9);
        }
        results.fail("peer", "requests", "it broke");
        results.judge(List.of(Bar.atLeast("times peer", 2, 1.5), Bar.atMost("latency", 3, 2)), List.of("memory"));
        return results;
    }

    @Test
    void jsonHasEverySampleTheirSpreadAndTheBars() {
        JsonObject all = JsonParser.parseString(Reports.json(results())).getAsJsonObject();
        JsonArray series = all.getAsJsonArray("series");
        assertEquals(2, series.size());
        JsonObject peer = series.get(0).getAsJsonObject();
        assertEquals("peer", peer.get("contestant").getAsString());
        assertEquals("[1.0,2.0,3.0,4.0]", peer.get("samples").toString());
        assertEquals(2.5, peer.getAsJsonObject("spread").get("median").getAsDouble());
        JsonObject bar = all.getAsJsonArray("bars").get(0).getAsJsonObject();
        assertEquals("times peer", bar.get("name").getAsString());
        assertEquals(2, bar.get("figure").getAsDouble());
        assertEquals("at least 1.5", bar.get("bar").getAsString());
        assertTrue(bar.get("met").getAsBoolean());
        assertFalse(
                all.getAsJsonArray("bars").get(1).getAsJsonObject().get("met").getAsBoolean());
        assertEquals("[\"memory\"]", all.getAsJsonArray("unmeasuredBars").toString());
        assertEquals(1, all.getAsJsonArray("failures").size());
    }

    @Test
    void markdownHasTheFiguresTheBarsTheTuningAndWhoFailed() {
        String markdown = Reports.markdown("Konce beside its peers", "compare", results());
        assertTrue(markdown.contains("| Konce | 5.00 | 2.00 | 3.50 | 6.50 | 8.00 | 4 |"), markdown);
        assertTrue(markdown.contains("| times peer | 2.00 | at least 1.5 | met |"), markdown);
        assertTrue(markdown.contains("| latency | 3.00 | at most 2 | MISSED |"), markdown);
        assertTrue(markdown.contains("| memory |  |  | not measured |"), markdown);
        assertTrue(markdown.contains("this; that"), markdown);
        assertTrue(markdown.contains("it broke"), markdown);
        assertTrue(markdown.contains("<&\" \\| peer"), "a bar in a name does not end its cell: " + markdown);
    }

    @Test
    void terminalTablesAreAligned() {
        String text = Reports.terminal(results());
        List<String> lines = text.lines().toList();
        assertEquals(lines.get(1).length(), lines.get(2).length(), text);
        assertEquals(lines.get(1).length(), lines.get(3).length(), text);
        assertTrue(lines.get(2).startsWith("Konce"), text);
    }

    @Test
    void chartIsWellFormedAndDrawsEverybodyInside() throws Exception {
        String svg = Reports.svg(results(), "konce-");
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        assertEquals("svg", document.getDocumentElement().getTagName());
        assertTrue(document.getDocumentElement().getTextContent().contains(TRICKY));
        NodeList bars = document.getElementsByTagName("rect");
        assertEquals(1 + 2 * 2, bars.getLength(), "the ground, and a bar and a box for each");
        for (int i = 1; i < bars.getLength(); i++) {
            Element bar = (Element) bars.item(i);
            double right = Double.parseDouble(bar.getAttribute("x")) + Double.parseDouble(bar.getAttribute("width"));
            assertTrue(right <= Chart.WIDTH, svg);
        }
    }

    @Test
    void figuresHaveThreeDigitsOrMore() {
        assertEquals("0.000", new Measure("a", "b", "c", 1, Measure.Best.LOWEST).text(0.0001));
        assertEquals("0.021", GOODPUT.text(0.021e9));
        assertEquals("2.05", GOODPUT.text(2.05e9));
        assertEquals("12,345", GOODPUT.text(12_345e9));
    }
}
