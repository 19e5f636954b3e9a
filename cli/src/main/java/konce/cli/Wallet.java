package konce.cli;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.crypto.SigningKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.Signature;
import konce.names.ledger.Account;
import konce.names.ledger.Coins;
import konce.names.ledger.Entry;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryReply.Problem;
import konce.names.registry.RegistryRequest;
import org.jspecify.annotations.Nullable;

/// An identity's account on the ledger that was joined: it pays, and its owner's key authorizes.
final class Wallet implements AutoCloseable {
    /// How long an order is good: one that nobody took in time is void, so it never comes back as a surprise.
    private static final long ORDER_SECONDS = 600;

    /// How long a checkpoint is waited for that has what was just done.
    private static final long SIGNED_SECONDS_MAX = 30;

    private static final long POLL_MILLIS = 100;

    private final NameSession session;
    private final Vault vault;
    private final Identity identity;
    private final SigningKey account;
    private final Genesis genesis;

    private Wallet(NameSession session, Vault vault, Identity identity) throws IOException {
        this.session = session;
        this.vault = vault;
        this.identity = identity;
        this.genesis = session.home().genesis();
        this.account = identity.signingKey(vault, SigningPurpose.ACCOUNT);
    }

    /// Opens the account of an identity.
    static Wallet open(Terminal terminal, LedgerOptions options) throws IOException, StoreException {
        Vault vault = Vault.open(IdCommand.VAULT_BYTES);
        try {
            NameSession session = NameSession.open(terminal, options.sendOptions());
            return new Wallet(session, vault, options.identity.open(terminal, vault));
        } catch (IOException | StoreException | RuntimeException e) {
            vault.close();
            throw e;
        }
    }

    NameSession session() {
        return session;
    }

    Genesis genesis() {
        return genesis;
    }

    /// The account's key.
    Key id() {
        return Key.of(account.verifyingKey());
    }

    /// The key of this identity for another purpose.
    Key keyFor(SigningPurpose purpose) {
        try (SigningKey key = identity.signingKey(vault, purpose)) {
            return Key.of(key.verifyingKey());
        }
    }

    /// Runs something with a secret key of this identity.
    <T> T with(SigningPurpose purpose, java.util.function.Function<SigningKey, T> use) {
        try (SigningKey key = identity.signingKey(vault, purpose)) {
            return use.apply(key);
        }
    }

    /// 32 random bytes.
    Hash randomHash() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(Hash.BYTES);
            new SystemRandom().fill(bytes);
            return Hash.of(bytes.toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /// The account, proven; null: it never received coins.
    @Nullable
    Account account() throws IOException, InterruptedException {
        return session.resolver().prove(Entry.placeOf(id())) instanceof Account found ? found : null;
    }

    /// What the ledger says of a name now, proven; null: nobody ever had it.
    @Nullable
    NameRecord name(Name name) throws IOException, InterruptedException {
        return session.resolver().prove(Entry.placeOf(name)) instanceof NameRecord found
                ? found.at(NameSession.nowSeconds())
                : null;
    }

    /// The record of a name that must be somebody's.
    NameRecord owned(Name name) throws IOException, InterruptedException {
        NameRecord record = name(name);
        if (record == null || record.status(NameSession.nowSeconds(), genesis.parameters()) == NameRecord.Status.FREE) {
            throw CommandException.failed(
                    "nobody has the name " + name + "; 'konce name register " + name + "' takes it");
        }
        return record;
    }

    /// Signs a transaction, gives it to a registry, and waits until a block has it and a quorum of witnesses has
    /// signed
    /// that.
    ///
    /// @param purpose whose key authorizes it, where the name's own must
    /// @param feeGrains what it burns
    /// @return the block's number
    /// @throws CommandException with the rule that it breaks
    long submit(Transaction transaction, @Nullable SigningPurpose purpose, long feeGrains)
            throws IOException, InterruptedException {
        Account state = account();
        if (state == null) {
            throw CommandException.failed(
                    "your account has no coins: nobody ever sent it any ('konce account' shows it)");
        }
        SignedTransaction.Order order = new SignedTransaction.Order(
                id(), state.nonce(), feeGrains, NameSession.nowSeconds() + ORDER_SECONDS, transaction);
        Signature authorization = purpose == null ? null : with(purpose, key -> order.authorize(key, genesis.id()));
        RegistryReply reply =
                session.registries().ask(new RegistryRequest.Submit(order.sign(account, genesis.id(), authorization)));
        return switch (reply) {
            case RegistryReply.Submitted(long height) -> {
                awaitSigned(height);
                yield height;
            }
            case RegistryReply.Broken(var rule) -> throw new BrokenRuleException(rule);
            case RegistryReply.Refused(Problem problem, String text) ->
                throw CommandException.failed(
                        "the registry did not take it (" + problem + "): " + Terminal.harmless(text));
            case RegistryReply.Done _,
                    RegistryReply.OfGenesis _,
                    RegistryReply.Resolved _,
                    RegistryReply.Proven _,
                    RegistryReply.OfCheckpoint _,
                    RegistryReply.Consistent _,
                    RegistryReply.OfHistory _,
                    RegistryReply.OfBlock _,
                    RegistryReply.Names _,
                    RegistryReply.Proposal _,
                    RegistryReply.Status _ -> throw CommandException.failed("the registry answered something else");
        };
    }

    private void awaitSigned(long height) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SIGNED_SECONDS_MAX);
        while (!(session.registries().ask(new RegistryRequest.AskCheckpoint())
                        instanceof RegistryReply.OfCheckpoint(var signed)
                && signed.checkpoint().height() >= height)) {
            if (deadline - System.nanoTime() <= 0) {
                throw CommandException.failed("it is in block " + height
                        + ", but the witnesses have not signed that yet; 'konce ledger status' shows them");
            }
            pause(POLL_MILLIS);
        }
    }

    /// Waits a while.
    static void pause(long millis) throws InterruptedException {
        boolean _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    /// An amount as people read it.
    static String coins(long grains) {
        return Coins.text(grains) + " coins";
    }

    @Override
    public void close() {
        account.close();
        identity.close();
        session.close();
        vault.close();
    }
}
