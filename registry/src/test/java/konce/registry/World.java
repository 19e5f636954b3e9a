package konce.registry;

import java.util.ArrayList;
import java.util.List;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.Key;
import konce.names.ledger.Coins;
import konce.names.ledger.Genesis;
import konce.names.ledger.Parameters;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;

/// A ledger to be, with everybody's keys.
final class World implements AutoCloseable {
    static final long BEGIN = 1_800_000_000L;
    static final long FEE = 1_000;
    static final int ACCOUNTS = 4;

    final Vault vault = Vault.open(1 << 16);
    final List<SigningKey> accounts = new ArrayList<>();
    final List<SigningKey> sequencers = new ArrayList<>();
    final List<SigningKey> witnesses = new ArrayList<>();
    final SigningKey master;
    final Genesis genesis;

    /// @param witnessCount 3f + 1
    World(int witnessCount) {
        SeededRandom random = new SeededRandom(413);
        for (int i = 0; i < ACCOUNTS; i++) {
            accounts.add(SigningKey.generate(vault, random));
        }
        sequencers.add(SigningKey.generate(vault, random));
        for (int i = 0; i < witnessCount; i++) {
            witnesses.add(SigningKey.generate(vault, random));
        }
        master = SigningKey.generate(vault, random);
        List<Genesis.Allocation> allocations = accounts.stream()
                .map(each -> new Genesis.Allocation(id(each), 1_000 * Coins.GRAINS_PER_COIN))
                .toList();
        genesis = new Genesis(
                "test",
                BEGIN,
                Parameters.QUICK,
                allocations,
                new WitnessSet(
                        0,
                        0,
                        sequencers.stream().map(World::id).toList(),
                        witnesses.stream().map(World::id).toList()));
    }

    static Key id(SigningKey key) {
        return Key.of(key.verifyingKey());
    }

    WitnessKeys witnessKeys() {
        WitnessKeys keys = WitnessKeys.of(genesis.witnesses());
        if (keys == null) {
            throw new AssertionError("our own keys are keys");
        }
        return keys;
    }

    /// A signed transaction of the account numbered `account`.
    SignedTransaction signed(int account, long nonce, long fee, Transaction transaction) {
        SigningKey key = accounts.get(account);
        return new SignedTransaction.Order(id(key), nonce, fee, BEGIN + 1_000_000, transaction)
                .sign(key, genesis.id(), null);
    }

    /// A coin's thousandth from one account to the next.
    SignedTransaction payment(int account, long nonce, long fee) {
        return signed(
                account, nonce, fee, new Transaction.TransferCoins(id(accounts.get((account + 1) % ACCOUNTS)), 1_000));
    }

    @Override
    public void close() {
        vault.close();
    }
}
