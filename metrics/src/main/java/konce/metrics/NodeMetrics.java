package konce.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import konce.node.Node;
import konce.node.NodeStatistics;
import konce.protocol.DropReason;

/// A node's figures for a registry of Micrometer's: `new NodeMetrics(node).bindTo(registry)`.
///
/// - threads: any; reading a figure asks the node's loop, at most once in [#FRESH_NANOS]
/// - error: of a node that is closed, the last figures stay
public final class NodeMetrics implements MeterBinder {
    /// How long figures are taken for those of now: one scrape reads them all from one moment.
    static final long FRESH_NANOS = 100_000_000L;

    private final Node node;
    private final Tags tags;
    private final ReentrantLock lock = new ReentrantLock();
    private NodeStatistics last;
    private long readNanos;

    public NodeMetrics(Node node) {
        this(node, Tags.empty());
    }

    /// @param tags of every meter: a program with several nodes tells them apart by these
    public NodeMetrics(Node node, Tags tags) {
        this.node = node;
        this.tags = tags;
        last = node.statistics();
        readNanos = System.nanoTime() - FRESH_NANOS - 1; // the first who asks gets what is then
    }

    /* A registry holds what it reads weakly, and how it reads it strongly: so it keeps this, and this keeps the node. */
    @Override
    public void bindTo(MeterRegistry registry) {
        bindTraffic(registry);
        bindMessages(registry);
        bindState(registry);
        for (DropReason reason : DropReason.values()) {
            if (reason != DropReason.NONE) {
                FunctionCounter.builder("konce.datagrams.dropped", node, _ -> read(s -> dropped(s, reason)))
                        .description("Datagrams that were not taken")
                        .tags(tags.and("reason", reason.name().toLowerCase(Locale.ROOT)))
                        .register(registry);
            }
        }
    }

    private static double dropped(NodeStatistics statistics, DropReason reason) {
        return statistics.drops().getOrDefault(reason, 0L);
    }

    private void bindTraffic(MeterRegistry registry) {
        Tags in = tags.and("direction", "received");
        Tags out = tags.and("direction", "sent");
        String datagrams = "UDP datagrams";
        counter(registry, "konce.datagrams", in, datagrams, NodeStatistics::datagramsReceived);
        counter(registry, "konce.datagrams", out, datagrams, NodeStatistics::datagramsSent);
        String bytes = "Bytes of datagrams, without IP and UDP headers";
        counter(registry, "konce.datagram.bytes", in, bytes, NodeStatistics::bytesReceived);
        counter(registry, "konce.datagram.bytes", out, bytes, NodeStatistics::bytesSent);
        String calls = "System calls that gave or took datagrams";
        counter(registry, "konce.socket.calls", in, calls, NodeStatistics::readsDone);
        counter(registry, "konce.socket.calls", out, calls, NodeStatistics::sendsDone);
        String failures = "System calls that failed";
        counter(registry, "konce.socket.failures", in, failures, NodeStatistics::readFailures);
        counter(registry, "konce.socket.failures", out, failures, NodeStatistics::sendFailures);
        counter(registry, "konce.packets.lost", tags, "Packets that counted as lost", NodeStatistics::packetsLost);
    }

    private void bindMessages(MeterRegistry registry) {
        counter(
                registry,
                "konce.messages.received",
                tags,
                "Messages handed to handlers and streams",
                NodeStatistics::messagesReceived);
        counter(registry, "konce.messages.settled", tags, "Sends that have ended", NodeStatistics::messagesSettled);
        counter(registry, "konce.channels.opened", tags, "Channels opened", NodeStatistics::channelsOpened);
        counter(registry, "konce.jobs", tags, "Agreements and puzzle shares done", NodeStatistics::jobsFinished);
        counter(registry, "konce.events.lost", tags, "Events that listeners missed", NodeStatistics::eventsLost);
    }

    private void bindState(MeterRegistry registry) {
        gauge(registry, "konce.channels", "Channels open", NodeStatistics::channels);
        gauge(registry, "konce.presences", "Peers kept between channels", NodeStatistics::presences);
        gauge(registry, "konce.effort", "Work asked of clients, in expected hashes", NodeStatistics::effort);
        gauge(registry, "konce.handlers.running", "Handlers that have not returned", NodeStatistics::handlersRunning);
        gauge(registry, "konce.streams", "Byte streams open", NodeStatistics::streamsOpen);
        gauge(registry, "konce.uptime.seconds", "Since the node opened", s -> s.uptimeNanos() / 1e9);
    }

    private void counter(
            MeterRegistry registry,
            String name,
            Tags itsTags,
            String description,
            ToDoubleFunction<NodeStatistics> figure) {
        FunctionCounter.builder(name, node, _ -> read(figure))
                .description(description)
                .tags(itsTags)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<NodeStatistics> figure) {
        Gauge.builder(name, node, _ -> read(figure))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private double read(ToDoubleFunction<NodeStatistics> figure) {
        lock.lock();
        try {
            if (System.nanoTime() - readNanos > FRESH_NANOS) {
                last = node.statistics();
                readNanos = System.nanoTime();
            }
        } catch (IllegalStateException _) {
            // it is closed: what it did stays done
        } finally {
            lock.unlock();
        }
        return figure.applyAsDouble(last);
    }
}
