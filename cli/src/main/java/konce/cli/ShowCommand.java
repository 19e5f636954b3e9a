package konce.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.cli.store.Home;
import konce.cli.store.PetnameFile;
import konce.cli.store.StoreException;
import konce.crypto.PublicKey;
import konce.names.KonceAddress;
import konce.names.Petname;
import konce.names.PetnameBook;
import konce.node.NodeStatus;
import konce.node.StatusReader;
import konce.protocol.endpoint.ChannelStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce show`.
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show what your running nodes do: a block for each node, and one for each peer it talks to.",
            "",
            "Nodes started by 'konce serve' and 'konce connect' say each second how they are. With --watch what goes"
                    + " through them a second is shown too: of each channel, and of the node as a whole."
        },
        footer = {
            "",
            "Examples:",
            "  konce show",
            "  konce show --watch",
            "  konce show --watch 5",
            "  konce show --json"
        })
final class ShowCommand implements Callable<Integer> {
    private static final int WATCH_SECONDS_MAX = 3_600;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Terminal terminal;

    @Option(
            names = "--watch",
            paramLabel = "SECONDS",
            arity = "0..1",
            fallbackValue = "1",
            description = "Show it again every second, or as often as said, with what goes through a second, until"
                    + " Ctrl-C.")
    @Nullable
    Integer watch;

    @Option(names = "--json", description = "One JSON object a node, each on one line.")
    boolean json;

    private final StatusRates rates = new StatusRates();

    ShowCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        if (watch != null && (watch < 1 || watch > WATCH_SECONDS_MAX)) {
            throw CommandException.mistake("--watch is in 1.." + WATCH_SECONDS_MAX + " seconds");
        }
        PetnameBook book = new PetnameFile(Home.of(terminal.environment())).load();
        try {
            do {
                List<NodeStatus> nodes = StatusReader.readAll(Publishing.directory(terminal));
                rates.update(nodes);
                if (watch != null && terminal.interactive()) {
                    terminal.out().print("\u001b[H\u001b[2J"); // home, clear
                }
                nodes.forEach(node -> print(node, book));
                if (nodes.isEmpty() && !json) {
                    terminal.err().println("No node of yours is running; 'konce serve' starts one.");
                }
                terminal.out().flush();
            } while (watch != null && !new CountDownLatch(1).await(watch, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            return Main.EXIT_OK; // Ctrl-C is how it ends
        }
        return Main.EXIT_OK;
    }

    private void print(NodeStatus node, PetnameBook book) {
        StatusRates.Rates rate = rates.of(node);
        if (json) {
            terminal.out().println(json(node, rate));
            return;
        }
        var statistics = node.statistics();
        terminal.out().println(terminal.bold("node: " + new KonceAddress(node.publicKey(), List.of())));
        line("doing", Terminal.harmless(node.role()) + ", process " + node.pid());
        line("listening", node.localAddress() + " (" + Terminal.harmless(node.transport()) + ")");
        line("up", seconds(statistics.uptimeNanos()));
        line(
                "transfer",
                ProgressBar.bytes(statistics.bytesReceived()) + " received, "
                        + ProgressBar.bytes(statistics.bytesSent()) + " sent");
        if (rate != null) {
            line("rate", words(rate.total()));
        }
        line("effort", statistics.effort() == 0 ? "none asked" : statistics.effort() + " hashes asked");
        if (!statistics.drops().isEmpty()) {
            line("dropped", statistics.drops().toString());
        }
        line("channels", String.valueOf(statistics.channels()));
        for (ChannelStatus channel : node.channels()) {
            terminal.out().println();
            print(channel, rate == null ? null : rate.channels().get(channel.channel()), book);
        }
        terminal.out().println();
    }

    private void print(ChannelStatus channel, StatusRates.@Nullable Flow rate, PetnameBook book) {
        terminal.out().println(terminal.bold("  peer: " + name(channel.peer(), book)));
        line("  endpoint", channel.remote() + (channel.initiator() ? " (we called)" : " (it called)"));
        line("  last heard", seconds(channel.idleNanos()) + " ago; open for " + seconds(channel.ageNanos()));
        line(
                "  round trip",
                String.format(
                        Locale.ROOT,
                        "%.3f ms, least %.3f ms",
                        channel.smoothedRttNanos() / NANOS_PER_MILLI,
                        channel.minRttNanos() / NANOS_PER_MILLI));
        line(
                "  transfer",
                ProgressBar.bytes(channel.bytesReceived()) + " received, " + ProgressBar.bytes(channel.bytesSent())
                        + " sent, " + channel.packetsLost() + " of " + channel.packetsSent() + " packets lost");
        if (rate != null) {
            line("  rate", words(rate));
        }
        line(
                "  in flight",
                ProgressBar.bytes(channel.inFlightBytes()) + " of "
                        + ProgressBar.bytes(channel.congestionWindowBytes()) + ", datagrams of "
                        + channel.datagramBytes() + " bytes");
        line(
                "  messages",
                channel.messagesReceived() + " received, " + channel.messagesSent() + " sent, " + channel.sendsOpen()
                        + " open");
    }

    private static String words(StatusRates.Flow flow) {
        return String.format(
                Locale.ROOT,
                "in %.0f packets/s, %s/s; out %.0f packets/s, %s/s; %.2f %% lost",
                flow.packetsIn(),
                ProgressBar.bytes(Math.round(flow.bytesIn())),
                flow.packetsOut(),
                ProgressBar.bytes(Math.round(flow.bytesOut())),
                100 * flow.lossPart());
    }

    private void line(String name, String value) {
        terminal.out().println("  " + name + ": " + value);
    }

    private static String name(@Nullable PublicKey key, PetnameBook book) {
        if (key == null) {
            return "anonymous";
        }
        Petname name = book.nameOf(key);
        String text = new KonceAddress(key, List.of()).keyText();
        return name == null ? text : name + " (" + text + ")";
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / NANOS_PER_SECOND);
    }

    private static JsonLine json(StatusRates.Flow flow) {
        return new JsonLine()
                .with("packetsReceivedPerSecond", flow.packetsIn())
                .with("packetsSentPerSecond", flow.packetsOut())
                .with("bytesReceivedPerSecond", flow.bytesIn())
                .with("bytesSentPerSecond", flow.bytesOut())
                .with("packetsLostPerSecond", flow.lost());
    }

    private static JsonLine json(NodeStatus node, StatusRates.@Nullable Rates rate) {
        var statistics = node.statistics();
        JsonLine drops = new JsonLine();
        statistics.drops().forEach((reason, count) -> drops.with(reason.name(), count));
        List<JsonLine> channels = new ArrayList<>();
        for (ChannelStatus channel : node.channels()) {
            StatusRates.Flow flow = rate == null ? null : rate.channels().get(channel.channel());
            channels.add(json(channel).with("rate", flow == null ? null : json(flow)));
        }
        return new JsonLine()
                .with("key", new KonceAddress(node.publicKey(), List.of()))
                .with("role", node.role())
                .with("pid", node.pid())
                .with("listen", node.localAddress())
                .with("transport", node.transport())
                .with("uptimeSeconds", statistics.uptimeNanos() / NANOS_PER_SECOND)
                .with("datagramsReceived", statistics.datagramsReceived())
                .with("bytesReceived", statistics.bytesReceived())
                .with("datagramsSent", statistics.datagramsSent())
                .with("bytesSent", statistics.bytesSent())
                .with("effort", statistics.effort())
                .with("presences", statistics.presences())
                .with("drops", drops)
                .with("rate", rate == null ? null : json(rate.total()))
                .with("channels", channels);
    }

    private static JsonLine json(ChannelStatus channel) {
        PublicKey peer = channel.peer();
        return new JsonLine()
                .with("peer", peer == null ? null : new KonceAddress(peer, List.of()))
                .with("remote", channel.remote())
                .with("initiator", channel.initiator())
                .with("ageSeconds", channel.ageNanos() / NANOS_PER_SECOND)
                .with("idleSeconds", channel.idleNanos() / NANOS_PER_SECOND)
                .with("roundTripMilliseconds", channel.smoothedRttNanos() / NANOS_PER_MILLI)
                .with("bytesReceived", channel.bytesReceived())
                .with("bytesSent", channel.bytesSent())
                .with("packetsSent", channel.packetsSent())
                .with("packetsLost", channel.packetsLost())
                .with("inFlightBytes", channel.inFlightBytes())
                .with("congestionWindowBytes", channel.congestionWindowBytes())
                .with("messagesReceived", channel.messagesReceived())
                .with("messagesSent", channel.messagesSent());
    }
}
