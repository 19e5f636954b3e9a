package konce.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.AddressSyntaxException;
import konce.names.KonceAddress;
import konce.names.binding.ServerBinding;
import konce.names.encoding.Decoded;
import konce.names.ledger.Name;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.names.RegistryClient.Answered;
import konce.node.store.AtomicFile;
import konce.protocol.SendOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce name bind`.
@Command(
        name = "bind",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say where a name's server is: sign a binding with the master key, and publish it.",
            "",
            "Bindings are not on the ledger; they cost nothing, and end by themselves. With --out the binding is written"
                    + " to a file and nothing is sent: so the master key can stay on a machine without network, and 'konce"
                    + " name publish FILE' does the rest elsewhere."
        })
final class NameBindCommand implements Callable<Integer> {
    private static final long DAY = 86_400;

    /// A binding begins a little before it is signed, for clocks that are behind.
    private static final long EARLY_SECONDS = 300;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "The name.")
    String text = "";

    @Parameters(index = "1", paramLabel = "ADDRESS", description = "The server's address, as 'konce serve' prints it.")
    String address = "";

    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "7",
            description = "How long it shall be good, 1 to 30 (default: ${DEFAULT-VALUE}).")
    int days = 7;

    @Option(
            names = "--owner",
            paramLabel = "N",
            description = "The number of the name's owner, as 'konce name show' prints it (default: asked for).")
    @Nullable
    Integer owner;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the binding to FILE instead of publishing it.")
    @Nullable
    Path out;

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    NameBindCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException, InterruptedException {
        Name name = NameCommand.parse(text);
        if (days < 1 || days > ServerBinding.SECONDS_MAX / DAY) {
            throw CommandException.mistake("--days is in 1.." + ServerBinding.SECONDS_MAX / DAY);
        }
        KonceAddress server;
        try {
            server = KonceAddress.parse(address);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an address: " + e.getMessage());
        }
        ServerBinding binding = sign(name, server);
        if (out != null) {
            AtomicFile.create(out, ByteBuffer.wrap(binding.encode()));
            terminal.err().println("The binding is in " + out + "; 'konce name publish " + out + "' publishes it.");
            return Main.EXIT_OK;
        }
        return publish(terminal, binding);
    }

    private ServerBinding sign(Name name, KonceAddress server)
            throws IOException, StoreException, InterruptedException {
        int number = owner != null ? owner : ownerOf(name);
        long now = NameSession.nowSeconds();
        ServerBinding.Terms terms;
        try {
            terms = new ServerBinding.Terms(
                    name,
                    number,
                    server.key(),
                    server.addresses(),
                    null,
                    now - EARLY_SECONDS,
                    now - EARLY_SECONDS + days * DAY,
                    System.currentTimeMillis());
        } catch (IllegalArgumentException e) {
            throw CommandException.mistake("this cannot be bound: " + e.getMessage());
        }
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity open = identity.open(terminal, vault);
                SigningKey master = open.signingKey(vault, SigningPurpose.MASTER)) {
            return terms.sign(master, NameSession.home(terminal).genesis().id());
        }
    }

    private int ownerOf(Name name) throws IOException, StoreException, InterruptedException {
        try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
            return NameLook.recordOf(session, name).owner();
        }
    }

    /// Gives a binding to every registry in use.
    static int publish(Terminal terminal, ServerBinding binding) throws IOException {
        try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
            int kept = 0;
            for (CompletableFuture<Answered> asked :
                    session.registries().askAll(new RegistryRequest.Publish(binding.encode()))) {
                String why = switch (asked.join()) {
                    case Answered.Silent silent -> silent.why();
                    case Answered.Replied(var _, RegistryReply.Done _) -> "";
                    case Answered.Replied(var _, RegistryReply.Refused refused) -> Terminal.harmless(refused.text());
                    case Answered.Replied _ -> "it answered something else";
                };
                kept += why.isEmpty() ? 1 : 0;
                if (!why.isEmpty()) {
                    terminal.err().println(asked.join().registry() + ": " + why);
                }
            }
            if (kept == 0) {
                throw CommandException.failed("no registry took the binding");
            }
            terminal.out()
                    .println(binding.terms().subject() + " is at "
                            + new KonceAddress(
                                    binding.terms().server(), binding.terms().addresses())
                            + " until "
                            + NameLook.date(binding.terms().untilSeconds()));
        }
        return Main.EXIT_OK;
    }

    /// `konce name publish`.
    @Command(
            name = "publish",
            mixinStandardHelpOptions = true,
            description = "Publish a server binding that was signed on another machine ('konce name bind --out').")
    static final class Publish implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "FILE", description = "The binding.")
        Path file = Path.of("");

        Publish(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException {
            if (Files.size(file) > ServerBinding.BYTES_MAX) {
                throw CommandException.mistake(file + " is too long to be a server binding");
            }
            return switch (ServerBinding.decode(Files.readAllBytes(file))) {
                case Decoded.Value<ServerBinding>(ServerBinding binding) -> publish(terminal, binding);
                case Decoded.Malformed<ServerBinding>(String why) ->
                    throw CommandException.mistake(file + " is no server binding: " + why);
            };
        }
    }
}
