package konce.cli;

import java.io.IOException;
import java.util.List;
import konce.cli.store.Home;
import konce.names.KonceAddress;
import konce.node.Node;
import konce.node.names.NameHome;
import konce.node.names.NameResolver;
import konce.node.names.RegistryClient;
import konce.protocol.SendOptions;

/// A node that asks registries, and what it makes of their answers. It shows them no identity.
final class NameSession implements AutoCloseable {
    private static final long MILLIS_PER_SECOND = 1_000;

    private final Node node;
    private final NameHome home;
    private final RegistryClient registries;
    private final NameResolver resolver;

    private NameSession(Terminal terminal, NameHome home, SendOptions options) throws IOException {
        this.home = home;
        List<KonceAddress> addresses = home.registries();
        if (addresses.isEmpty()) {
            throw CommandException.mistake("no registry is known; 'konce ledger join ADDRESS' adds one");
        }
        node = Node.builder().anonymous(true).open();
        try {
            registries = new RegistryClient(
                    node, addresses.subList(0, Math.min(addresses.size(), RegistryClient.REGISTRIES_MAX)), options);
            resolver = new NameResolver(
                    home,
                    registries,
                    NameSession::nowSeconds,
                    line -> terminal.err().println(terminal.red("konce:") + " " + line));
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /// Where this user's names are kept.
    static NameHome home(Terminal terminal) {
        return new NameHome(Home.of(terminal.environment()).directory().resolve("names"));
    }

    /// What o'clock it is, in seconds of Unix time.
    static long nowSeconds() {
        return System.currentTimeMillis() / MILLIS_PER_SECOND;
    }

    /// A session with the ledger that was joined.
    static NameSession open(Terminal terminal, SendOptions options) throws IOException {
        NameHome home = home(terminal);
        if (!home.isJoined()) {
            throw CommandException.mistake("no ledger of names was joined yet; 'konce ledger join ADDRESS' joins one,"
                    + " 'konce ledger init' begins one");
        }
        return new NameSession(terminal, home, options);
    }

    NameHome home() {
        return home;
    }

    RegistryClient registries() {
        return registries;
    }

    NameResolver resolver() {
        return resolver;
    }

    @Override
    public void close() {
        node.close();
    }
}
