package konce.bench.names;

import java.util.ArrayList;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessKeys;
import konce.names.checkpoint.WitnessMemory;
import konce.names.checkpoint.WitnessSet;
import konce.names.checkpoint.WitnessSignature;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.history.HistoryProof;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.ledger.Parameters;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.protocol.Address;

/// A ledger's people: two accounts, one sequencer, four witnesses of which three sign.
final class World implements AutoCloseable {
    private static final int VAULT_BYTES = 16_384;
    private static final int QUORUM = 3;
    private static final long BINDING_SECONDS = 86_400;
    private static final long COINS = 1L << 50;
    private static final long FEE_GRAINS = 1_000;

    final long beginSeconds;
    final Genesis genesis;
    private final Vault vault = Vault.open(VAULT_BYTES);
    private final List<SigningKey> keys = new ArrayList<>();
    private final PublicKey server;

    World(long beginSeconds) {
        this.beginSeconds = beginSeconds;
        RandomSource random = new SeededRandom(7);
        for (int i = 0; i < 7; i++) {
            keys.add(SigningKey.generate(vault, random));
        }
        try (SecretKey secret = SecretKey.generate(vault, random)) {
            server = secret.publicKey();
        }
        WitnessSet witnesses = new WitnessSet(0, 0, List.of(key(2)), List.of(key(3), key(4), key(5), key(6)));
        genesis = new Genesis(
                "bench",
                beginSeconds,
                Parameters.STANDARD,
                List.of(new Genesis.Allocation(key(0), COINS), new Genesis.Allocation(key(1), COINS)),
                witnesses);
    }

    /// The key that owns every name, and pays for everything.
    SigningKey owner() {
        return keys.get(0);
    }

    SigningKey sequencer() {
        return keys.get(2);
    }

    Key key(int index) {
        return Key.of(keys.get(index).verifyingKey());
    }

    ServerBinding binding(Name name) {
        return new ServerBinding.Terms(
                        name,
                        1,
                        server,
                        List.of(Address.parse("192.0.2.7:413")),
                        null,
                        beginSeconds,
                        beginSeconds + BINDING_SECONDS,
                        1)
                .sign(owner(), genesis.id());
    }

    /// A checkpoint as a quorum has signed it.
    SignedCheckpoint signed(Checkpoint checkpoint) {
        ProposedCheckpoint proposal = ProposedCheckpoint.sign(sequencer(), 0, 0, checkpoint);
        return new SignedCheckpoint(checkpoint, 0, signatures(proposal, HistoryProof.EMPTY, beginSeconds));
    }

    /// What the three witnesses say to a proposal who have signed nothing before.
    List<WitnessSignature> signatures(ProposedCheckpoint proposal, HistoryProof proof, long nowSeconds) {
        WitnessKeys set = WitnessKeys.of(genesis.witnesses());
        if (set == null) {
            throw new IllegalStateException("our own keys");
        }
        List<WitnessSignature> signatures = new ArrayList<>();
        for (int i = 0; i < QUORUM; i++) {
            Witness.Answer answer = new Witness(keys.get(3 + i), i, set)
                    .consider(WitnessMemory.start(genesis.id()), proposal, proof, nowSeconds);
            if (!(answer instanceof Witness.Answer.StoreThenAnswer signed)) {
                throw new IllegalStateException("a witness does not sign: " + answer);
            }
            signatures.add(signed.signature());
        }
        return signatures;
    }

    /// Transfers of one grain each.
    ///
    /// @param nonce of the first
    List<SignedTransaction> transfers(int count, long nonce) {
        Hash id = genesis.id();
        List<SignedTransaction> transfers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            transfers.add(new SignedTransaction.Order(
                            key(0),
                            nonce + i,
                            FEE_GRAINS,
                            beginSeconds + 3_600,
                            new Transaction.TransferCoins(key(1), 1))
                    .sign(owner(), id, null));
        }
        return transfers;
    }

    static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Malformed<T>(String reason) -> throw new IllegalStateException(reason);
        };
    }

    @Override
    public void close() {
        vault.close();
    }
}
