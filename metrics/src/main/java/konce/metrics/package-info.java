/// A node's figures where operators look for them.
///
/// - Enter by: [NodeMetrics] for programs with a registry of Micrometer's, [MetricsPage] for a page of text
/// - May import: `konce.node` and below, Micrometer, the JDK's HTTP server
/// - Invariant: a figure is asked for when it is scraped, and costs nothing else
@org.jspecify.annotations.NullMarked
package konce.metrics;
