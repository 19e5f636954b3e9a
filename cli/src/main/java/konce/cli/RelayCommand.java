package konce.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import konce.cli.store.StoreException;
import konce.names.KonceAddress;
import konce.node.Relay;
import konce.protocol.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce relay`.
@Command(
        name = "relay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Put a bad network in front of a peer, on this machine, to try things out.",
            "",
            "Prints another address of the same peer. What is sent there is delayed, lost, doubled or damaged as asked, each"
                    + " way, and then passed on. The relay has no key: it cannot read or forge anything. Ends with Ctrl-C."
        },
        footer = {
            "",
            "Examples:",
            "  konce relay alice --delay 50                      a round trip of 100 ms",
            "  konce relay alice --delay 20 --jitter 10 --loss 2 --seed 7",
            "  konce ping konce1...@127.0.0.1:PORT               in another terminal, with the address it prints"
        })
final class RelayCommand implements Callable<Integer> {
    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final double MILLISECONDS_MAX = 60_000;
    private static final double PERCENT = 100;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "PEER", description = "A petname or an address.")
    String peer = "";

    @Option(names = "--delay", paramLabel = "MS", description = "Delay each way, milliseconds (default: 0).")
    double delay;

    @Option(names = "--jitter", paramLabel = "MS", description = "And up to this much more, by chance (default: 0).")
    double jitter;

    @Option(names = "--loss", paramLabel = "PERCENT", description = "Datagrams lost (default: 0).")
    double loss;

    @Option(names = "--duplicate", paramLabel = "PERCENT", description = "Datagrams that come twice (default: 0).")
    double duplicate;

    @Option(names = "--corrupt", paramLabel = "PERCENT", description = "Datagrams with a bit flipped (default: 0).")
    double corrupt;

    @Option(names = "--reorder", paramLabel = "PERCENT", description = "Datagrams that do not wait (default: 0).")
    double reorder;

    @Option(names = "--seed", paramLabel = "N", description = "Of all chance (default: ${DEFAULT-VALUE}).")
    long seed = 1;

    @Option(names = "--json", description = "Print the address as one JSON object on one line.")
    boolean json;

    RelayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        KonceAddress address = new PeerOptions().resolve(terminal, peer).address();
        Address behind = address.addresses().getFirst();
        InetSocketAddress server = new InetSocketAddress(InetAddress.getByAddress(behind.ipBytes()), behind.port());
        try (Relay relay = Relay.open(server, conditions(), seed)) {
            InetSocketAddress front = relay.address();
            Address entrance = Address.of(front.getAddress().getAddress(), front.getPort());
            KonceAddress shown = new KonceAddress(address.key(), List.of(entrance));
            terminal.out().println(json ? new JsonLine().with("address", shown.toString()) : shown.toString());
            terminal.out().flush();
            new CountDownLatch(1).await();
            return Main.EXIT_OK;
        } catch (InterruptedException e) {
            return Main.EXIT_OK; // Ctrl-C is how it ends
        }
    }

    private Relay.Conditions conditions() {
        return new Relay.Conditions(
                nanos("--delay", delay),
                nanos("--jitter", jitter),
                share("--loss", loss),
                share("--duplicate", duplicate),
                share("--corrupt", corrupt),
                share("--reorder", reorder));
    }

    private static long nanos(String option, double milliseconds) {
        if (!(milliseconds >= 0 && milliseconds <= MILLISECONDS_MAX)) {
            throw CommandException.mistake(option + " takes 0 to 60000 milliseconds, not " + milliseconds);
        }
        return (long) (milliseconds * NANOS_PER_MILLISECOND);
    }

    private static double share(String option, double percent) {
        if (!(percent >= 0 && percent <= PERCENT)) {
            throw CommandException.mistake(option + " takes 0 to 100 percent, not " + percent);
        }
        return percent / PERCENT;
    }
}
