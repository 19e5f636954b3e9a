package konce.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import konce.cli.store.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce connect`.
@Command(
        name = "connect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Open a local TCP port behind which is what the peer forwards to.",
            "",
            "The peer runs 'konce serve --forward HOST:PORT'. Each TCP connection to the local port becomes one byte stream"
                    + " through Konce to it: an old program gets Konce's keys and its protection without knowing. Ends with"
                    + " Ctrl-C."
        },
        footer = {
            "",
            "Examples:",
            "  konce connect alice --listen 127.0.0.1:8080      then open http://127.0.0.1:8080",
            "  konce connect alice --listen 127.0.0.1:0 --json"
        })
final class ConnectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "PEER", description = "A petname or an address.")
    String peer = "";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:0",
            description = "The local TCP port (default: ${DEFAULT-VALUE}, any free one).")
    String listen = "127.0.0.1:0";

    @Option(names = "--json", description = "Print where it listens as one JSON object on one line.")
    boolean json;

    @Mixin
    PeerOptions options = new PeerOptions();

    ConnectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        InetSocketAddress local = ListenAddress.parse(listen, InetAddress.getLoopbackAddress());
        try (PeerSession session = PeerSession.open(terminal, options, peer);
                Publishing _ = Publishing.start(terminal, session.node(), "connect");
                TcpEntrance entrance = new TcpEntrance(
                        local,
                        () -> session.node().openStream(session.target(), WellKnown.STREAMS, options.sendOptions()),
                        line -> terminal.err().println(Terminal.harmless(line)))) {
            String bound = entrance.address().getAddress().getHostAddress() + ":"
                    + entrance.address().getPort();
            terminal.out()
                    .println(
                            json
                                    ? new JsonLine().with("listen", bound).with("peer", peer)
                                    : "Listening on " + bound + "; Ctrl-C ends it.");
            terminal.out().flush();
            new CountDownLatch(1).await();
            return Main.EXIT_OK;
        } catch (InterruptedException e) {
            return Main.EXIT_OK; // Ctrl-C is how it ends
        }
    }
}
