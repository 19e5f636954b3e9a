package konce.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import konce.node.Node;
import konce.node.NodeStatistics;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.Test;

/// Goal: what operators read is what the node has done. Method: a server that has answered some requests, asked by
/// Micrometer and by HTTP.
class MetricsTest {
    private static final HandlerId ECHO = HandlerId.wellKnown(1);
    private static final int REQUESTS = 5;

    private static void talk(Node server, Node client) throws Exception {
        server.handle(ECHO, message -> message.reply(message.payload()));
        for (int i = 0; i < REQUESTS; i++) {
            client.request(server.target(), ECHO, new byte[100], SendOptions.REQUEST);
        }
    }

    private static HttpURLConnection get(MetricsPage page, String method, String path) throws IOException {
        URI uri = URI.create("http://" + page.address().getHostString() + ":"
                + page.address().getPort() + path);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        return connection;
    }

    @Test
    void aRegistryReadsTheNodesFigures() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Node server = Node.builder().server(true).effort(8).open();
                Node client = Node.builder().open()) {
            talk(server, client);
            NodeStatistics before = server.statistics();
            new NodeMetrics(server, Tags.of("node", "a")).bindTo(registry);
            assertEquals(
                    REQUESTS,
                    registry.get("konce.messages.received")
                            .tag("node", "a")
                            .functionCounter()
                            .count());
            assertEquals(1, registry.get("konce.channels").gauge().value());
            assertEquals(
                    1, registry.get("konce.channels.opened").functionCounter().count());
            assertEquals(8, registry.get("konce.effort").gauge().value());
            double received = registry.get("konce.datagrams")
                    .tag("direction", "received")
                    .functionCounter()
                    .count();
            assertTrue(received >= before.datagramsReceived() && received > 2, "datagrams " + received);
        }
        assertEquals(
                REQUESTS,
                registry.get("konce.messages.received").functionCounter().count(),
                "once closed");
    }

    @Test
    void aPageIsWhatPrometheusReads() throws Exception {
        try (Node server = Node.builder().server(true).open();
                Node client = Node.builder().open();
                MetricsPage page =
                        new MetricsPage(server, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            talk(server, client);
            HttpURLConnection answer = get(page, "GET", "/metrics");
            assertEquals(200, answer.getResponseCode());
            assertEquals("text/plain; version=0.0.4; charset=utf-8", answer.getContentType());
            String body = new String(answer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Map<String, Double> figures = body.lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.lastIndexOf(' ')),
                            line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))));
            assertEquals(REQUESTS, figures.get("konce_messages_received_total"), body);
            assertEquals(1, figures.get("konce_channels"));
            assertTrue(figures.get("konce_datagrams_total{direction=\"sent\"}") > 2);
            assertEquals(0, figures.get("konce_datagrams_dropped_total{reason=\"busy\"}"));
            assertTrue(body.contains("# TYPE konce_datagrams_total counter"), body);
            assertEquals(404, get(page, "GET", "/").getResponseCode());
            assertEquals(405, get(page, "POST", "/metrics").getResponseCode());
        }
    }
}
