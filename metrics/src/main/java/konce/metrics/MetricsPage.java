package konce.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import konce.node.Node;

/// A node's figures as Prometheus asks for them: text at `/metrics`, by HTTP. Whoever reaches the address may read
/// them;
/// they say how much is going on, and not with whom.
///
/// - threads: its own
/// - source: Prometheus text exposition format 0.0.4
public final class MetricsPage implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int NOT_ALLOWED = 405;
    private static final int CLOSE_SECONDS = 0;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param listen where; port 0 for any free one
    /// @throws IOException when it cannot be bound
    public MetricsPage(Node node, InetSocketAddress listen) throws IOException {
        new NodeMetrics(node).bindTo(registry);
        server = HttpServer.create(listen, 0);
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text = "";
            int status = OK;
            if (!exchange.getRequestMethod().equals("GET")) {
                status = NOT_ALLOWED;
            } else if (!exchange.getRequestURI().getPath().equals(PATH)) {
                status = NOT_FOUND;
                text = "the figures are at " + PATH + "\n";
            } else {
                text = registry.scrape();
            }
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", TYPE);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(CLOSE_SECONDS);
        threads.close();
        registry.close();
    }
}
