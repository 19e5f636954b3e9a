package konce.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class CurvesTest {
    /// Goal: the chart is XML, with a line for each curve, whatever the names are. Method: a parser.
    @Test
    void isWellFormed() throws Exception {
        List<Trend.Point> points = List.of(new Trend.Point(0, 1), new Trend.Point(2, 5));
        String svg = Curves.svg(
                List.of(
                        new Curves.Panel("a < b & c", List.of(new Curves.Curve("<one>", points))),
                        new Curves.Panel("nothing", List.of(new Curves.Curve("none", List.of())))),
                List.of(new Curves.Span("peace", 0, 1), new Curves.Span("war", 1, 2)));
        Document read =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertEquals(2, read.getElementsByTagName("polyline").getLength());
        assertTrue(svg.contains("a &lt; b &amp; c"));
    }
}
