package konce.names.ledger;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;

/// Makes the same blocks on as many threads as its argument says, and prints what each has made: a program of its own,
/// for [DeterminismTest].
public final class DeterminismRun {
    private static final int BLOCKS = 60;

    private DeterminismRun() {}

    public static void main(String[] args) throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newFixedThreadPool(Integer.parseInt(args[0]))) {
            List<Future<String>> made = new ArrayList<>();
            for (int i = 0; i < Integer.parseInt(args[0]); i++) {
                made.add(threads.submit(DeterminismRun::blocks));
            }
            for (Future<String> each : made) {
                IO.println(each.get());
            }
        }
    }

    private static String blocks() {
        SplittableRandom random = new SplittableRandom(17);
        ByteWriter all = new ByteWriter();
        try (Actors actors = new Actors(17, 11)) {
            Chain chain = new Chain(actors, actors.genesis(Parameters.QUICK, 6, 1_000_000_000));
            for (int i = 0; i < 6; i++) {
                chain.register(i, new Name("it-" + i), i, (i + 1) % 6);
            }
            for (int b = 0; b < BLOCKS; b++) {
                List<SignedTransaction> some = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    Name name = new Name("it-" + i);
                    NameRecord record = chain.ledger.name(name);
                    long sequence = record == null ? 0 : record.sequence();
                    some.add(chain.signed(
                            i,
                            switch (random.nextInt(5)) {
                                case 0 -> new Transaction.TransferCoins(actors.key((i + 1) % 6), 1 + random.nextInt(9));
                                case 1 -> new Transaction.Renew(name, 1);
                                case 2 -> new Transaction.Designate(new Name("iiii"), name, sequence, actors.key(i));
                                case 3 -> new Transaction.TransferName(name, sequence, actors.key(i), null);
                                default -> new Transaction.Commit(Hash.of(actors.bytes(Hash.BYTES)));
                            },
                            actors.signing(i)));
                }
                Ledger.Draft draft = chain.ledger.draft(chain.ledger.head().timeSeconds() + random.nextInt(4), some);
                chain.ledger = draft.ledger();
                all.raw(draft.block().encode());
            }
            for (Iterator<byte[]> chunks = Snapshot.chunks(chain.ledger); chunks.hasNext(); ) {
                all.raw(chunks.next());
            }
            return all.length() + " bytes, " + Hashing.hash("determinism", all.toBytes()) + ", "
                    + chain.ledger.checkpoint().stateRoot();
        }
    }
}
