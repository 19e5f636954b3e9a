package konce.bench.names;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import konce.bench.report.Measure;
import konce.bench.report.Results;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.client.Answer;
import konce.names.client.LightClient;
import konce.names.client.Verdict;
import konce.names.encoding.Signature;
import konce.names.history.HistoryProof;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Synthetic;

/// What one size of a ledger costs, in memory and on one thread.
final class SizeRun {
    private static final int LOOKUPS = 20_000;
    private static final int VERDICTS = 1_000;
    private static final int SIGNATURES = 1_000;
    static final int TRANSACTIONS = 1_000;

    /// Processor time: others on the machine do not count.
    private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();

    private final World world;
    private final int size;
    private final Results results;
    private final String contestant;
    private final int rounds;

    /// @param rounds that are measured, after as many that are not
    SizeRun(World world, int size, Results results, String contestant, int rounds) {
        this.world = world;
        this.size = size;
        this.results = results;
        this.contestant = contestant;
        this.rounds = rounds;
    }

    /// Measures, and leaves the ledger for others.
    Ledger run() {
        long before = usedBytes();
        Ledger ledger = Synthetic.ledger(world.genesis, size, world.key(0));
        results.add(Figures.MEMORY, contestant, 0, (double) (usedBytes() - before));
        signatures();
        lookups(ledger);
        verdicts(ledger, world.signed(ledger.checkpoint()));
        List<SignedTransaction> transfers = world.transfers(TRANSACTIONS, 0);
        time(Figures.TRANSACTION, TRANSACTIONS, () -> {
            if (!ledger.draft(world.beginSeconds + 1, transfers).omitted().isEmpty()) {
                throw new IllegalStateException("a transfer was refused");
            }
        });
        return ledger;
    }

    private void signatures() {
        byte[] message = new byte[Checkpoint.BYTES];
        Signature signature = Signature.sign(world.owner(), message);
        time(Figures.SIGNATURE, SIGNATURES, () -> {
            for (int i = 0; i < SIGNATURES; i++) {
                signature.isBy(world.owner().verifyingKey(), message);
            }
        });
    }

    private void lookups(Ledger ledger) {
        SplittableRandom draws = new SplittableRandom(size);
        int longest = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            longest = Math.max(longest, proof(ledger, draws.nextInt(2 * size))); // every other one absent
        }
        results.add(Figures.PROOF_BYTES, contestant, 0, longest);
        time(Figures.PROVE, LOOKUPS, () -> {
            for (int i = 0; i < LOOKUPS; i++) {
                proof(ledger, draws.nextInt(size));
            }
        });
        List<Double> nanos =
                results.find(Figures.PROVE, contestant).orElseThrow().samples();
        for (int i = 0; i < nanos.size(); i++) {
            results.add(Figures.SERVED, contestant, i, 1e9 / nanos.get(i));
        }
    }

    private static int proof(Ledger ledger, int index) {
        return ledger.prove(Synthetic.name(index)).proof().encode().length;
    }

    private void verdicts(Ledger ledger, SignedCheckpoint signed) {
        List<Name> names = new ArrayList<>();
        List<byte[]> answers = new ArrayList<>();
        SplittableRandom draws = new SplittableRandom(2);
        for (int i = 0; i < VERDICTS; i++) {
            Name name = Synthetic.name(draws.nextInt(size));
            names.add(name);
            answers.add(Answer.of(ledger, name, signed, List.of(), HistoryProof.EMPTY, world.binding(name))
                    .encode());
        }
        results.add(Figures.ANSWER_BYTES, contestant, 0, answers.getFirst().length);
        LightClient fresh = LightClient.start(world.genesis, LightClient.AGE_SECONDS_MAX);
        time(Figures.RESOLVE, VERDICTS, () -> judge(fresh, names, answers));
        LightClient warm = fresh.resolve(names.getFirst(), answers.getFirst(), world.beginSeconds)
                .client();
        time(Figures.RESOLVE_NEXT, VERDICTS, () -> judge(warm, names, answers));
    }

    private void judge(LightClient client, List<Name> names, List<byte[]> answers) {
        for (int i = 0; i < names.size(); i++) {
            if (!(client.resolve(names.get(i), answers.get(i), world.beginSeconds)
                            .outcome()
                    instanceof Verdict.Resolved)) {
                throw new IllegalStateException("an honest answer was refused");
            }
        }
    }

    /// Does work of `parts` equal parts again and again, first to warm up.
    private void time(Measure measure, int parts, Runnable work) {
        for (int i = -rounds; i < rounds; i++) {
            long started = PROCESSOR.getCurrentThreadCpuTime();
            work.run();
            if (i >= 0) {
                double nanos = PROCESSOR.getCurrentThreadCpuTime() - started;
                results.add(measure, contestant, i, nanos / parts);
            }
        }
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
