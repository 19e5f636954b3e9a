package konce.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import konce.cli.store.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce ping`.
@Command(
        name = "ping",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Connect to a peer, show the handshake step by step, then measure round trips.",
            "",
            "Each step of the handshake has its time, its bytes and, for a puzzle, the work done. Then small messages are"
                    + " sent and echoed, one after the other."
        },
        footer = {"", "Examples:", "  konce ping alice", "  konce ping konce1...@192.0.2.7:413 --count 20 --json"})
final class PingCommand implements Callable<Integer> {
    /// Messages of one run at most.
    private static final int COUNT_MAX = 100_000;

    private static final int PAYLOAD_BYTES = 32;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "PEER", description = "A petname or an address.")
    String peer = "";

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many messages are echoed (default: ${DEFAULT-VALUE}).")
    int count = 4;

    @Option(names = "--json", description = "Print all as one JSON object on one line.")
    boolean json;

    @Mixin
    PeerOptions options = new PeerOptions();

    PingCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        if (count < 1 || count > COUNT_MAX) {
            throw CommandException.mistake("--count is in 1.." + COUNT_MAX);
        }
        HandshakeTrace trace = new HandshakeTrace();
        try (PeerSession session = PeerSession.traced(terminal, options, peer, trace)) {
            double[] milliseconds = new double[count + 1];
            for (int i = 0; i <= count; i++) {
                long start = System.nanoTime();
                byte[] sent = new byte[PAYLOAD_BYTES];
                byte[] echoed = session.node()
                        .request(session.target(), WellKnown.ECHO, sent, options.sendOptions())
                        .bytes();
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
                if (!Arrays.equals(sent, echoed)) {
                    throw CommandException.failed("the peer answers, but does not echo");
                }
                if (i == 0 && !json) {
                    printTimeline(trace, milliseconds[0]);
                } else if (!json) {
                    terminal.out().println(format("echo %d  %.3f ms", i, milliseconds[i]));
                }
            }
            double[] round = Arrays.copyOfRange(milliseconds, 1, milliseconds.length);
            if (json) {
                terminal.out().println(json(trace, milliseconds[0], round));
            } else {
                printSummary(round);
            }
            return Main.EXIT_OK;
        }
    }

    private void printTimeline(HandshakeTrace trace, double milliseconds) {
        terminal.out().println(terminal.bold("handshake"));
        trace.timeline().forEach(line -> terminal.out().println("  " + line));
        terminal.out().println(format("  %9.3f ms  first echo is back", milliseconds));
        terminal.out().println(terminal.bold("round trips"));
    }

    private void printSummary(double[] round) {
        double[] sorted = round.clone();
        Arrays.sort(sorted);
        terminal.out()
                .println(format(
                        "%d echoed, min %.3f ms, median %.3f ms, max %.3f ms",
                        sorted.length, sorted[0], sorted[sorted.length / 2], sorted[sorted.length - 1]));
    }

    private static JsonLine json(HandshakeTrace trace, double first, double[] round) {
        return new JsonLine()
                .with("handshake", trace.json())
                .with("firstMilliseconds", first)
                .with("roundTripMilliseconds", Arrays.stream(round).boxed().toList());
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
