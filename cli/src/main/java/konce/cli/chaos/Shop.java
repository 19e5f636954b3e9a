package konce.cli.chaos;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.crypto.SigningKey;
import konce.names.binding.ServerBinding;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.names.RegistryClient;
import konce.protocol.Address;

/// A name that somebody has, for clients to resolve.
///
/// @param node whose key it stands for
record Shop(Stage stage, Node node, Name name) {
    /// Transactions of the first account that opening it takes.
    static final long TRANSACTIONS = 2;

    private static final long FEE_GRAINS = 1_000;
    private static final long GOOD_SECONDS = 1L << 32;
    private static final long BOUND_SECONDS = 86_400;

    /// How long a commitment waits: what [konce.names.ledger.Parameters#QUICK] asks, and the clock's whole seconds.
    private static final long COMMITTED_MILLIS = 2_500;

    private static final int TRIES = 400;
    private static final int LOOKS = 20;
    private static final long RETRY_MILLIS = 100;
    private static final int ANY_PORT = 413;

    /// Registers the name for the first account, and says at each registry where its server is.
    void open(List<RegistryClient> registries) throws IOException, InterruptedException {
        Genesis genesis = stage.genesis();
        SigningKey owner = stage.accounts().getFirst();
        Key id = Key.of(owner.verifyingKey());
        Hash salt = Hash.ZERO;
        submit(registries, owner, 0, new Transaction.Commit(Transaction.commitment(id, name, salt)));
        do {
            pause(COMMITTED_MILLIS);
            submit(registries, owner, 1, new Transaction.Reveal(name, salt, id, null, 1));
        } while (!isThere(registries.getFirst()));
        ServerBinding binding = new ServerBinding.Terms(
                        name,
                        1,
                        node.publicKey(),
                        List.of(Address.of(new byte[] {127, 0, 0, 1}, ANY_PORT)),
                        null,
                        genesis.timeSeconds(),
                        genesis.timeSeconds() + BOUND_SECONDS,
                        1)
                .sign(owner, genesis.id());
        for (RegistryClient registry : registries) {
            ask(registry, new RegistryRequest.Publish(binding.encode()), RegistryReply.Done.class);
        }
    }

    /// Whether the name is in the ledger, whatever was acknowledged.
    private boolean isThere(RegistryClient registry) throws IOException, InterruptedException {
        for (int i = 0; i < LOOKS; i++) {
            if (registry.ask(new RegistryRequest.Search(name.toString(), ""))
                            instanceof RegistryReply.Names(List<Name> names, var _)
                    && names.contains(name)) {
                return true;
            }
            pause(RETRY_MILLIS);
        }
        return false;
    }

    private void submit(List<RegistryClient> registries, SigningKey owner, long nonce, Transaction transaction)
            throws IOException, InterruptedException {
        SignedTransaction signed = new SignedTransaction.Order(
                        Key.of(owner.verifyingKey()),
                        nonce,
                        FEE_GRAINS,
                        stage.genesis().timeSeconds() + GOOD_SECONDS,
                        transaction)
                .sign(owner, stage.genesis().id(), null);
        ask(registries.getFirst(), new RegistryRequest.Submit(signed), RegistryReply.Submitted.class);
    }

    /// Asks until the answer is of a kind: nobody may order yet, and a commitment has to be of some age.
    private static void ask(RegistryClient registry, RegistryRequest request, Class<? extends RegistryReply> kind)
            throws IOException, InterruptedException {
        Object last = "nothing";
        for (int i = 0; i < TRIES; i++) {
            try {
                RegistryReply reply = registry.ask(request);
                // A nonce that was used: the attempt before had no answer, and it was taken in.
                if (kind.isInstance(reply)
                        || (reply instanceof RegistryReply.Broken(Rule rule) && rule == Rule.NONCE_USED)) {
                    return;
                }
                last = reply;
            } catch (IOException e) {
                last = e.getMessage();
            }
            pause(RETRY_MILLIS);
        }
        throw new IOException("the ledger does not come into its stride: " + last);
    }

    private static void pause(long millis) throws InterruptedException {
        if (new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)) {
            throw new AssertionError("nobody counts it down");
        }
    }
}
