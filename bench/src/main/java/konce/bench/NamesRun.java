package konce.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
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
import konce.names.client.Answer;
import konce.names.client.LightClient;
import konce.names.client.Verdict;
import konce.names.encoding.Decoded;
import konce.names.encoding.Key;
import konce.names.encoding.Signature;
import konce.names.history.HistoryProof;
import konce.names.ledger.Genesis;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Snapshot;
import konce.names.ledger.Synthetic;
import konce.names.ledger.Transaction;
import konce.protocol.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// What names cost: proofs, lookups, transactions and restarts at three sizes of a ledger, on one thread.
///
/// - unit: as in the table's head; a time is the median of the rounds in the second half
@Command(
        name = "names",
        mixinStandardHelpOptions = true,
        description = "Proofs, lookups, transactions and restarts at several sizes of a ledger, on one core.")
final class NamesRun implements Runnable {
    private static final int ROUNDS = 10;
    private static final int LOOKUPS = 20_000;
    private static final int VERDICTS = 2_000;
    private static final int TRANSACTIONS = 1_000;
    private static final long START_SECONDS = 1_800_000_000;
    private static final int SIGNATURES = 2_000;

    @Parameters(paramLabel = "NAMES", description = "How many names there are (10000 100000 1000000).")
    private List<Integer> sizes = List.of(10_000, 100_000, 1_000_000);

    private final Vault vault = Vault.open(16_384);
    private final RandomSource random = new SeededRandom(7);
    private final List<SigningKey> keys = new ArrayList<>();
    private final Genesis genesis;
    private final PublicKey server;

    NamesRun() {
        for (int i = 0; i < 7; i++) {
            keys.add(SigningKey.generate(vault, random));
        }
        try (SecretKey secret = SecretKey.generate(vault, random)) {
            server = secret.publicKey();
        }
        WitnessSet witnesses = new WitnessSet(0, 0, List.of(key(2)), List.of(key(3), key(4), key(5), key(6)));
        genesis = new Genesis(
                "bench",
                START_SECONDS,
                konce.names.ledger.Parameters.STANDARD,
                List.of(new Genesis.Allocation(key(0), 1L << 50), new Genesis.Allocation(key(1), 1L << 50)),
                witnesses);
    }

    /// Measures, and prints a table.
    @Override
    public void run() {
        IO.println("one Ed25519 signature checked in this run: " + signatureNanos() / 1_000 + " µs");
        IO.println("names      memory   restart  proof bytes  answer   proofs/s  verify µs      verify µs   transaction"
                + "  block of " + TRANSACTIONS);
        IO.println("              MiB         s  mean    max   bytes   one core  first answer   next ones          µs"
                + "          ms");
        for (int size : sizes) {
            IO.println(line(size));
        }
    }

    private long signatureNanos() {
        byte[] message = new byte[Checkpoint.BYTES];
        Signature signature = Signature.sign(keys.get(0), message);
        return median(ROUNDS, () -> {
                    for (int i = 0; i < SIGNATURES; i++) {
                        signature.isBy(keys.get(0).verifyingKey(), message);
                    }
                })
                / SIGNATURES;
    }

    private Key key(int index) {
        return Key.of(keys.get(index).verifyingKey());
    }

    private String line(int size) {
        long before = usedBytes();
        Ledger ledger = Synthetic.ledger(genesis, size, key(0));
        long memory = usedBytes() - before;
        List<byte[]> chunks = new ArrayList<>();
        for (Iterator<byte[]> each = Snapshot.chunks(ledger); each.hasNext(); ) {
            chunks.add(each.next());
        }
        long restart = median(2, () -> restore(chunks));
        long[] proofBytes = proofBytes(ledger, size);
        SignedCheckpoint signed = signed(ledger.checkpoint());
        SplittableRandom draws = new SplittableRandom(size);
        long lookups = median(ROUNDS, () -> {
            for (int i = 0; i < LOOKUPS; i++) {
                proof(ledger, Synthetic.name(draws.nextInt(size)));
            }
        });
        Verdicts verdicts = verdicts(ledger, signed, size);
        List<SignedTransaction> transfers = transfers(ledger);
        long draft = median(6, () -> ledger.draft(START_SECONDS + 1, transfers));
        return String.format(
                Locale.ROOT,
                "%-9d %7.0f %9.2f %5d  %5d %7d %10d %13.0f %11.0f %11.0f %11.0f",
                size,
                memory / 1048576.0,
                restart / 1e9,
                proofBytes[0],
                proofBytes[1],
                verdicts.answerBytes,
                LOOKUPS * 1_000_000_000L / lookups,
                verdicts.firstNanos / 1e3,
                verdicts.nextNanos / 1e3,
                draft / 1e3 / TRANSACTIONS,
                draft / 1e6);
    }

    private record Verdicts(int answerBytes, long firstNanos, long nextNanos) {}

    private static void restore(List<byte[]> chunks) {
        Snapshot.Restoring restoring = value(Snapshot.Restoring.begin(chunks.getFirst()));
        for (byte[] chunk : chunks.subList(1, chunks.size())) {
            value(restoring.add(chunk));
        }
        value(restoring.finish());
    }

    private static byte[] proof(Ledger ledger, Name name) {
        return ledger.prove(name).proof().encode();
    }

    private static long[] proofBytes(Ledger ledger, int size) {
        SplittableRandom draws = new SplittableRandom(1);
        long sum = 0;
        long max = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            int bytes = proof(ledger, Synthetic.name(draws.nextInt(2 * size))).length; // every other one absent
            sum += bytes;
            max = Math.max(max, bytes);
        }
        return new long[] {sum / LOOKUPS, max};
    }

    private Verdicts verdicts(Ledger ledger, SignedCheckpoint signed, int size) {
        List<Name> names = new ArrayList<>();
        List<byte[]> answers = new ArrayList<>();
        SplittableRandom draws = new SplittableRandom(2);
        for (int i = 0; i < VERDICTS; i++) {
            Name name = Synthetic.name(draws.nextInt(size));
            names.add(name);
            answers.add(Answer.of(ledger, name, signed, List.of(), HistoryProof.EMPTY, binding(ledger, name))
                    .encode());
        }
        LightClient fresh = LightClient.start(genesis, LightClient.AGE_SECONDS_MAX);
        long first = median(ROUNDS, () -> judge(fresh, names, answers));
        LightClient warm = fresh.resolve(names.getFirst(), answers.getFirst(), START_SECONDS)
                .client();
        long next = median(ROUNDS, () -> judge(warm, names, answers));
        return new Verdicts(answers.getFirst().length, first / VERDICTS, next / VERDICTS);
    }

    private static void judge(LightClient client, List<Name> names, List<byte[]> answers) {
        for (int i = 0; i < names.size(); i++) {
            if (!(client.resolve(names.get(i), answers.get(i), START_SECONDS).outcome() instanceof Verdict.Resolved)) {
                throw new IllegalStateException("an honest answer was refused");
            }
        }
    }

    private ServerBinding binding(Ledger ledger, Name name) {
        return new ServerBinding.Terms(
                        name,
                        1,
                        server,
                        List.of(Address.parse("192.0.2.7:413")),
                        null,
                        START_SECONDS,
                        START_SECONDS + 86_400,
                        1)
                .sign(keys.get(0), ledger.genesisId());
    }

    private SignedCheckpoint signed(Checkpoint checkpoint) {
        WitnessKeys set = WitnessKeys.of(genesis.witnesses());
        if (set == null) {
            throw new IllegalStateException("our own keys");
        }
        ProposedCheckpoint proposal = ProposedCheckpoint.sign(keys.get(2), 0, 0, checkpoint);
        List<WitnessSignature> signatures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Witness.Answer answer = new Witness(keys.get(3 + i), i, set)
                    .consider(WitnessMemory.start(checkpoint.genesis()), proposal, HistoryProof.EMPTY, START_SECONDS);
            if (answer instanceof Witness.Answer.StoreThenAnswer signed) {
                signatures.add(signed.signature());
            }
        }
        return new SignedCheckpoint(checkpoint, 0, signatures);
    }

    private List<SignedTransaction> transfers(Ledger ledger) {
        List<SignedTransaction> transfers = new ArrayList<>();
        for (int i = 0; i < TRANSACTIONS; i++) {
            transfers.add(new SignedTransaction.Order(
                            key(0), i, 1_000, START_SECONDS + 60, new Transaction.TransferCoins(key(1), 1))
                    .sign(keys.get(0), ledger.genesisId(), null));
        }
        return transfers;
    }

    private static long median(int rounds, Runnable work) {
        long[] nanos = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long started = System.nanoTime();
            work.run();
            nanos[i] = System.nanoTime() - started;
        }
        long[] measured = Arrays.copyOfRange(nanos, rounds / 2, rounds);
        Arrays.sort(measured);
        return measured[measured.length / 2];
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static <T> T value(Decoded<T> decoded) {
        return switch (decoded) {
            case Decoded.Value<T>(T value) -> value;
            case Decoded.Malformed<T>(String reason) -> throw new IllegalStateException(reason);
        };
    }
}
