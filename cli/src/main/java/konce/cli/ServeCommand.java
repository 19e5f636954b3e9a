package konce.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.PublicKey;
import konce.crypto.Vault;
import konce.metrics.MetricsPage;
import konce.names.KonceAddress;
import konce.node.Message;
import konce.node.Node;
import konce.node.NodeBuilder;
import konce.node.PeerDatabase;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.ServerLoad;
import konce.protocol.endpoint.EndpointConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `konce serve`.
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Be a server: print the address, then answer until Ctrl-C.",
            "",
            "A server always answers pings and shows the texts it is sent. It can also forward streams to a TCP"
                    + " service, and serve the files of a directory. Give its address to whoever shall reach it: whoever"
                    + " has it can be sure to speak with you."
        },
        footer = {
            "",
            "Examples:",
            "  konce serve --echo                            answer each text with itself",
            "  konce serve --forward 127.0.0.1:80            let an old web server be reached through Konce",
            "  konce serve --files ~/public                  then: konce copy PEER:film.mkv .",
            "  konce serve --files inbox --writable          also take files",
            "  konce serve --effort 1000000                  ask every client for about a million hashes",
            "  konce serve --listen :0 --no-passphrase --json",
            "",
            "Port 413 is below 1024. On Linux, one of these allows it:",
            "  sudo sysctl net.ipv4.ip_unprivileged_port_start=413",
            "  systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE"
        })
final class ServeCommand implements Callable<Integer> {
    /// Characters of a sender's key that are shown: enough to tell people apart.
    private static final int SENDER_CHARS = 14;

    private final Terminal terminal;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to listen on UDP (default: port 413 of every address of this machine, or any free port"
                    + " where that is not allowed).")
    @Nullable
    String listen;

    @Option(
            names = "--forward",
            paramLabel = "HOST:PORT",
            description = "Join the streams of clients to this TCP service ('konce connect').")
    @Nullable
    String forward;

    @Option(names = "--files", paramLabel = "DIR", description = "Serve the files of this directory ('konce copy').")
    @Nullable
    Path files;

    @Option(names = "--writable", description = "With --files: take files too.")
    boolean writable;

    @Option(names = "--echo", description = "Answer each text with itself.")
    boolean echo;

    @Option(
            names = "--effort",
            paramLabel = "N",
            description =
                    "Ask each client for a puzzle of N expected hashes, whatever the load (default: none in peace,"
                            + " more as the load demands).")
    @Nullable
    Long effort;

    @Option(names = "--require-identity", description = "Refuse anonymous clients.")
    boolean requireIdentity;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "Serve this private group ('konce group'), and nobody else; may be given several times.")
    List<String> groups = new ArrayList<>();

    @Option(names = "--public", description = "With --group: serve whoever has this server's address too.")
    boolean alsoPublic;

    @Option(
            names = "--keylog",
            paramLabel = "FILE",
            description = "Write every traffic secret to FILE: whoever has it can read everything.")
    @Nullable
    Path keyLog;

    @Option(
            names = "--qlog",
            paramLabel = "DIR",
            description = "Write what happens on each channel into DIR, a qlog file each, for qvis.")
    @Nullable
    Path qlog;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Show figures for Prometheus at http://HOST:PORT/metrics, to whoever can reach it.")
    @Nullable
    String metrics;

    @Option(names = "--json", description = "Print the address as one JSON object on one line, and nothing else.")
    boolean json;

    /// A group has a key, and each invitation a secret.
    private static final int GROUP_VAULT_BYTES = 64 * (2 * Limits.INVITATIONS_MAX + 64);

    private static final long REFRESH_MILLIS = 1_000;

    private final CountDownLatch never = new CountDownLatch(1);

    private @Nullable ServedGroups served;

    @Mixin
    ChannelOptions channels = new ChannelOptions();

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Mixin
    PresenceOptions presences = new PresenceOptions();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        checkOptions();
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity open = identity.open(terminal, vault);
                Vault groupVault = Vault.open(GROUP_VAULT_BYTES);
                ServedGroups served = new ServedGroups(terminal, groupVault, open, groups);
                PeerDatabase peers = presences.open();
                Node node = open(open, served.load(), peers);
                PresenceOptions.Forgetting _ = PresenceOptions.Forgetting.start(node, peers);
                ServerDesk desk = new ServerDesk(node);
                Publishing _ = Publishing.start(terminal, node, "serve");
                MetricsPage page = metricsPage(node)) {
            desk.texts(this::show, echo);
            if (forward != null) {
                desk.forward(ListenAddress.parse(forward, InetAddress.getLoopbackAddress()));
            }
            if (files != null) {
                desk.files(files, writable);
            }
            this.served = served;
            served.watch(node);
            printAddress(node, open, page);
            while (!never.await(REFRESH_MILLIS, TimeUnit.MILLISECONDS)) {
                served.refresh(node);
            }
            return Main.EXIT_OK;
        } catch (InterruptedException e) {
            return Main.EXIT_OK; // Ctrl-C is how it ends
        }
    }

    private void checkOptions() {
        presences.check();
        if (writable && files == null) {
            throw CommandException.mistake("--writable goes with --files DIR");
        }
        if (files != null && !Files.isDirectory(files)) {
            throw CommandException.mistake("--files: there is no directory " + files);
        }
        if (alsoPublic && groups.isEmpty()) {
            throw CommandException.mistake("--public goes with --group NAME");
        }
        if (effort != null && (effort < 0 || effort > Limits.EFFORT_MAX)) {
            throw CommandException.mistake("--effort is in 0.." + Limits.EFFORT_MAX);
        }
    }

    private Node open(Identity open, List<PrivateGroup> served, @Nullable PeerDatabase peers) throws IOException {
        if (listen != null) {
            InetSocketAddress asked = ListenAddress.parse(listen, new InetSocketAddress(0).getAddress());
            try {
                return builder(open, served, peers, asked).open();
            } catch (IOException e) {
                throw cannotListen(asked, e);
            }
        }
        try {
            return builder(open, served, peers, new InetSocketAddress(ListenAddress.DEFAULT_PORT))
                    .open();
        } catch (IOException e) {
            Node node = builder(open, served, peers, new InetSocketAddress(0)).open();
            terminal.err()
                    .println("Port " + ListenAddress.DEFAULT_PORT + " is not to be had ("
                            + reason(ListenAddress.DEFAULT_PORT, e) + "), so this is port "
                            + node.localAddress().getPort() + ".");
            return node;
        }
    }

    private NodeBuilder builder(
            Identity open, List<PrivateGroup> served, @Nullable PeerDatabase peers, InetSocketAddress at) {
        NodeBuilder builder = Node.builder()
                .server(true)
                .listen(at)
                .identity(open.key())
                .identityRequired(requireIdentity)
                .load(effort == null ? ServerLoad.LIVE : ServerLoad.fixed(effort))
                .endpoint(EndpointConfig.CLIENT.withCongestion(channels.congestion))
                .sessionProtocols(channels.sessionProtocols())
                .keys(channels.keys());
        presences.apply(builder, peers);
        served.forEach(builder::group);
        builder.membersOnly(!served.isEmpty() && !alsoPublic);
        if (qlog != null) {
            builder.qlog(qlog);
        }
        return keyLog == null ? builder : builder.keyLog(keyLog);
    }

    private static CommandException cannotListen(InetSocketAddress asked, IOException e) {
        String place = asked.getAddress().getHostAddress() + ":" + asked.getPort();
        return CommandException.failed(
                "cannot listen on UDP " + place + ": " + reason(asked.getPort(), e)
                        + "; choose another --listen, such as :0 for any free port",
                e);
    }

    private static String reason(int port, IOException e) {
        String message = String.valueOf(
                e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
        if (message.contains("in use")) {
            return "another program listens on port " + port;
        }
        if (message.contains("ermission denied")) {
            return "ports below 1024 need a permission, see 'konce serve --help'";
        }
        return message;
    }

    private @Nullable MetricsPage metricsPage(Node node) throws IOException {
        return metrics == null
                ? null
                : new MetricsPage(node, ListenAddress.parse(metrics, InetAddress.getLoopbackAddress()));
    }

    private void printAddress(Node node, Identity open, @Nullable MetricsPage page) throws IOException {
        String figures = page == null
                ? null
                : "http://" + page.address().getAddress().getHostAddress() + ":"
                        + page.address().getPort() + "/metrics";
        KonceAddress address = new KonceAddress(node.publicKey(), ListenAddress.reachable(node.localAddress()));
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("address", address)
                            .with(
                                    "listen",
                                    node.localAddress().getAddress().getHostAddress() + ":"
                                            + node.localAddress().getPort())
                            .with("identity", open.name())
                            .with("metrics", figures));
        } else {
            terminal.out().println(terminal.bold(address.toString()));
            terminal.out().println(QrPicture.of(address));
            terminal.out()
                    .println("Listening on UDP port " + node.localAddress().getPort() + " (" + node.transportName()
                            + ") as identity '" + open.name() + "'; " + offered() + ". Ctrl-C ends it.");
            if (figures != null) {
                terminal.out().println("Figures for Prometheus: " + figures);
            }
        }
        terminal.out().flush();
    }

    private String offered() {
        List<String> offered = new ArrayList<>();
        if (!groups.isEmpty()) {
            offered.add((alsoPublic ? "for the public and for group " : "for members of group ")
                    + String.join(", ", groups));
        }
        offered.add(echo ? "texts are echoed" : "texts are shown here");
        if (forward != null) {
            offered.add("streams go to " + forward);
        }
        if (files != null) {
            offered.add((writable ? "files are taken and given in " : "files are given from ") + files);
        }
        return String.join(", ", offered);
    }

    /* With --json standard output is one line for a script; texts are then said beside it. */
    private void show(Message message) {
        String group = served == null ? null : served.nameOf(message.group());
        String line = "[" + (group == null ? "" : group + " ") + sender(message.peer()) + "] "
                + Terminal.harmless(message.text());
        (json ? terminal.err() : terminal.out()).println(line);
    }

    /* Clients show each server another key, so no book of ours can name them. */
    private static String sender(@Nullable PublicKey key) {
        return key == null
                ? "anonymous"
                : new KonceAddress(key, List.of()).keyText().substring(0, SENDER_CHARS) + "…";
    }
}
