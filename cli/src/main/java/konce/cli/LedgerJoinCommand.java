package konce.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.AddressSyntaxException;
import konce.names.KeyText;
import konce.names.KonceAddress;
import konce.names.encoding.Decoded;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.names.NameHome;
import konce.node.names.RegistryClient;
import konce.protocol.SendOptions;
import konce.registry.RegistryServer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce ledger join`.
@Command(
        name = "join",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Use a ledger of names, by the address of a registry; or ask one more registry of the ledger in use.",
            "",
            "What a ledger began with is trusted from here on: compare its number with somebody who uses it, or give"
                    + " --ledger. Nothing else that a registry says is believed without proof."
        })
final class LedgerJoinCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "ADDRESS", description = "The address of a registry.")
    String address = "";

    @Option(
            names = "--ledger",
            paramLabel = "NUMBER",
            description = "The ledger's number, 64 digits; another is refused.")
    @Nullable
    String ledger;

    @Option(
            names = "--keep",
            paramLabel = "DIR",
            description =
                    "Also be one of the machines that keep the ledger together: DIR has this machine's key ('konce"
                            + " ledger run --new'), and the ledger begins there.")
    @Nullable
    Path keep;

    LedgerJoinCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException, InterruptedException {
        KonceAddress registry;
        try {
            registry = KonceAddress.parse(address);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an address: " + e.getMessage());
        }
        NameHome names = NameSession.home(terminal);
        Genesis genesis = genesisOf(registry);
        String number = genesis.id().toString();
        if (ledger != null && !ledger.equals(number)) {
            throw CommandException.failed("this registry keeps the ledger " + number + ", not " + ledger);
        }
        if (keep != null) {
            keep(keep, genesis);
        }
        if (!names.isJoined()) {
            names.join(genesis, List.of(registry));
        } else if (!names.genesis().id().equals(genesis.id())) {
            throw CommandException.mistake(
                    "this registry keeps another ledger than the one in use; to change over, move " + names.directory()
                            + " away");
        } else {
            List<KonceAddress> known = new ArrayList<>(names.registries());
            known.removeIf(each -> each.key().equals(registry.key()));
            known.add(registry);
            if (known.size() > RegistryClient.REGISTRIES_MAX) {
                throw CommandException.mistake(
                        "at most " + RegistryClient.REGISTRIES_MAX + " registries are asked; remove one from "
                                + names.directory().resolve("registries"));
            }
            names.keepRegistries(known);
        }
        terminal.out().println("ledger  " + number);
        terminal.err()
                .println("The ledger '" + Terminal.harmless(genesis.title()) + "' is in use, with "
                        + names.registries().size() + " registry or registries to ask."
                        + (ledger == null ? " Compare its number with somebody who uses it." : ""));
        return Main.EXIT_OK;
    }

    private void keep(Path directory, Genesis genesis) throws IOException, StoreException {
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity sequencer = LedgerCommand.identity(terminal, directory, LedgerCommand.SEQUENCER, vault);
                SigningKey key = sequencer.signingKey(vault, SigningPurpose.SEQUENCER)) {
            Key self = Key.of(key.verifyingKey());
            if (!genesis.witnesses().sequencers().contains(self)) {
                throw CommandException.mistake("the key in " + directory + ", " + KeyText.of(self)
                        + ", is none of those that order this ledger");
            }
        }
        RegistryServer.create(directory, genesis);
    }

    private static Genesis genesisOf(KonceAddress registry) throws IOException, InterruptedException {
        try (Node node = Node.builder().anonymous(true).open()) {
            RegistryReply reply = new RegistryClient(node, List.of(registry), SendOptions.REQUEST)
                    .ask(new RegistryRequest.AskGenesis());
            if (reply instanceof RegistryReply.OfGenesis(byte[] bytes)
                    && Genesis.decode(bytes) instanceof Decoded.Value<Genesis>(Genesis genesis)) {
                return genesis;
            }
            throw CommandException.failed("that peer does not keep a ledger");
        }
    }
}
