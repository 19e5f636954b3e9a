package konce.cli;

import java.io.IOException;
import java.nio.file.Path;
import konce.cli.store.Home;
import konce.cli.store.PetnameFile;
import konce.cli.store.StoreException;
import konce.crypto.Vault;
import konce.names.AddressSyntaxException;
import konce.names.BookResolver;
import konce.names.Invitation;
import konce.names.KonceAddress;
import konce.names.Resolution;
import konce.names.ledger.Subject;
import konce.node.Explain;
import konce.node.names.NameResolver;
import konce.protocol.ConnectFailure;
import konce.protocol.Limits;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.EndpointConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that talks to a peer.
final class PeerOptions {
    private static final double SECONDS_MAX = 30.0 * 86_400;
    private static final double NANOS_PER_SECOND = 1e9;

    @Mixin
    ChannelOptions channels = new ChannelOptions();

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Option(names = "--anonymous", description = "Show the peer no identity; it may refuse that.")
    boolean anonymous;

    @Option(
            names = "--connect-timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long connecting may take (default: ${DEFAULT-VALUE}).")
    double connectSeconds = 10;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long a reply may take (default: ${DEFAULT-VALUE}).")
    double timeoutSeconds = 30;

    @Option(
            names = "--effort-max",
            paramLabel = "N",
            description = "The most work to do for a peer that asks for it, in expected hashes (default: 2^24, some"
                    + " seconds).")
    long effortMax = Limits.EFFORT_MAX_DEFAULT;

    /// Peers kept between channels, while the command runs.
    int presences;

    @Option(
            names = "--qlog",
            paramLabel = "DIR",
            description = "Write what happens on each channel into DIR, a qlog file each, for qvis.")
    @Nullable
    Path qlog;

    /// Whom a petname, an address, a name of the ledger or an invitation stands for. An invitation's secret is made
    /// in
    /// the vault, and the caller's to close.
    FoundPeer find(Terminal terminal, Vault vault, String peer) throws IOException, StoreException {
        if (!Invitation.isLike(peer)) {
            return resolve(terminal, peer);
        }
        if (anonymous) {
            throw CommandException.mistake("a private group has no anonymous members");
        }
        try {
            // the target takes the secret over
            Target.Peer target = Invitation.parse(peer.strip(), vault).target();
            if (target.addresses().isEmpty()) {
                throw CommandException.mistake(Explain.failure(new ConnectFailure.NoAddress()));
            }
            return new FoundPeer(target, null);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an invitation: " + e.getMessage());
        }
    }

    /// Whom a petname, an address or a name of the ledger stands for, in this order.
    FoundPeer resolve(Terminal terminal, String peer) throws IOException, StoreException {
        BookResolver resolver = new BookResolver(new PetnameFile(Home.of(terminal.environment())).load());
        FoundPeer found = switch (resolver.resolve(peer)) {
            case Resolution.Found(var address, var _) -> FoundPeer.at(address, null);
            case Resolution.NotFound(String reason) -> resolveName(terminal, peer, reason);
        };
        if (found.address().addresses().isEmpty()) {
            throw CommandException.mistake(Explain.failure(new ConnectFailure.NoAddress()));
        }
        return found;
    }

    /// @param otherwise why it is no petname and no address
    private FoundPeer resolveName(Terminal terminal, String peer, String otherwise) throws IOException {
        Subject subject = KonceAddress.isLike(peer) ? null : Subject.parse(peer.strip());
        if (subject == null || !NameSession.home(terminal).isJoined()) {
            throw CommandException.mistake(
                    otherwise + (KonceAddress.isLike(peer) ? "" : " ('konce peers list' shows them)"));
        }
        try (NameSession session = NameSession.open(terminal, sendOptions())) {
            return switch (session.resolver().resolve(subject)) {
                case NameResolver.Found.Server server -> FoundPeer.at(server.address(), server.whose());
                case NameResolver.Found.Nothing(String why, var _) ->
                    throw CommandException.failed(otherwise + "; and on the ledger: " + why);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted", e);
        }
    }

    /// How long things may take, as asked.
    SendOptions sendOptions() {
        return SendOptions.REQUEST
                .withConnectTimeout(nanos("--connect-timeout", connectSeconds))
                .withReplyTimeout(nanos("--timeout", timeoutSeconds));
    }

    /// The knobs of our own node.
    EndpointConfig endpointConfig() {
        if (effortMax < 0 || effortMax > Limits.EFFORT_MAX) {
            throw CommandException.mistake("--effort-max is in 0.." + Limits.EFFORT_MAX);
        }
        return EndpointConfig.CLIENT
                .withPuzzles(effortMax, EndpointConfig.CLIENT.puzzleJobs())
                .withCongestion(channels.congestion);
    }

    private static long nanos(String option, double seconds) {
        if (!(seconds > 0 && seconds <= SECONDS_MAX)) {
            throw CommandException.mistake(option + " is more than 0 and at most " + (long) SECONDS_MAX + " seconds");
        }
        return Math.max(1, (long) (seconds * NANOS_PER_SECOND));
    }
}
