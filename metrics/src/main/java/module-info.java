/// A node's figures for Micrometer, and as a page for Prometheus.
@org.jspecify.annotations.NullMarked
module konce.metrics {
    requires static transitive org.jspecify;
    requires jdk.httpserver;
    requires transitive konce.node;
    requires transitive micrometer.core;
    requires micrometer.registry.prometheus;

    exports konce.metrics;
}
