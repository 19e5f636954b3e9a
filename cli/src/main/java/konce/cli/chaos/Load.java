package konce.cli.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import konce.crypto.SigningKey;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.names.RegistryClient;

/// Clients that pay, one after the other, each from an account of its own; who remember what was acknowledged.
///
/// - threads: one for each client
final class Load implements AutoCloseable {
    private static final long FEE_GRAINS = 1_000;
    private static final long PAID_GRAINS = 1_000;
    private static final long GOOD_SECONDS = 1L << 32;

    /// Between two payments of a client, and between two attempts.
    private static final long PAUSE_MILLIS = 120;

    private static final long RETRY_MILLIS = 60;

    /// A payment that a registry acknowledged.
    ///
    /// @param height the block it said
    record Acknowledged(Hash id, long height) {}

    private final Genesis genesis;
    private final List<SigningKey> accounts;
    private final List<RegistryClient> registries;
    private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final List<AtomicLong> taken = new ArrayList<>();
    private final Crew crew = new Crew();
    private final AtomicLong lastNanos = new AtomicLong(System.nanoTime());
    private final AtomicLong longestNanos = new AtomicLong();

    Load(Genesis genesis, List<SigningKey> accounts, List<RegistryClient> registries) {
        this.genesis = genesis;
        this.accounts = accounts;
        this.registries = registries;
    }

    /// Begins. The accounts have these nonces.
    void start(List<Long> nonces) {
        for (int i = 0; i < accounts.size(); i++) {
            int client = i;
            taken.add(new AtomicLong());
            crew.start(() -> pay(client, nonces.get(client)));
        }
    }

    private void pay(int client, long firstNonce) {
        SigningKey key = accounts.get(client);
        Key payee = Key.of(accounts.get((client + 1) % accounts.size()).verifyingKey());
        int asked = client;
        try {
            for (long nonce = firstNonce; ; nonce++) {
                SignedTransaction payment = new SignedTransaction.Order(
                                Key.of(key.verifyingKey()),
                                nonce,
                                FEE_GRAINS,
                                genesis.timeSeconds() + GOOD_SECONDS,
                                new Transaction.TransferCoins(payee, PAID_GRAINS))
                        .sign(key, genesis.id(), null);
                while (!settled(payment, registries.get(asked % registries.size()), taken.get(client))) {
                    asked++;
                    if (crew.isOverIn(RETRY_MILLIS)) {
                        return;
                    }
                }
                if (crew.isOverIn(PAUSE_MILLIS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether a payment is in the ledger, as the registry says now.
    private boolean settled(SignedTransaction payment, RegistryClient registry, AtomicLong count)
            throws InterruptedException {
        try {
            RegistryReply reply = registry.ask(new RegistryRequest.Submit(payment));
            if (reply instanceof RegistryReply.Submitted(long height)) {
                acknowledged.add(new Acknowledged(payment.id(), height));
                long now = System.nanoTime();
                longestNanos.accumulateAndGet(now - lastNanos.getAndSet(now), Math::max);
                count.incrementAndGet();
                return true;
            }
            // Taken in earlier, when the answer was lost: not acknowledged, and there all the same.
            return reply instanceof RegistryReply.Broken(Rule rule) && rule == Rule.NONCE_USED;
        } catch (IOException e) {
            return false;
        }
    }

    /// What was acknowledged so far.
    Queue<Acknowledged> acknowledged() {
        return acknowledged;
    }

    /// How many payments of each client were acknowledged.
    List<Long> counts() {
        return taken.stream().map(AtomicLong::get).toList();
    }

    /// When something was acknowledged last, as [System#nanoTime] has it.
    long lastNanos() {
        return lastNanos.get();
    }

    /// The longest time without an acknowledgement.
    double longestSeconds() {
        return longestNanos.get() / 1e9;
    }

    @Override
    public void close() {
        crew.close();
    }
}
