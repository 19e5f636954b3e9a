package konce.names.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessMemory;
import konce.names.checkpoint.WitnessSignature;
import konce.names.encoding.Decoded;
import konce.names.history.HistoryProof;
import konce.names.ledger.Actors;
import konce.names.ledger.Chain;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.ledger.Parameters;
import konce.names.ledger.Transaction;
import org.junit.jupiter.api.Test;

/// A sequencer that shows two histories to everybody, as often as it likes, and a witness that signs anything.
class TwoHistoriesTest {
    private static final Name NAME = new Name("contested");
    private static final int STEPS = 250;
    private static final int HONEST = 3;
    private static final int CLIENTS = 4;

    /// What there is of one history: its chain, and for each height the signatures so far.
    private static final class Side {
        final Chain chain;
        final Map<Long, Map<Integer, WitnessSignature>> signatures = new HashMap<>();
        final List<Checkpoint> checkpoints = new ArrayList<>();

        Side(Chain chain) {
            this.chain = chain;
            checkpoints.add(chain.ledger.checkpoint());
        }

        void extend(long seconds) {
            chain.block(seconds);
            checkpoints.add(chain.ledger.checkpoint());
        }

        SignedCheckpoint signed(Checkpoint checkpoint) {
            return new SignedCheckpoint(
                    checkpoint,
                    0,
                    List.copyOf(signatures
                            .getOrDefault(checkpoint.height(), Map.of())
                            .values()));
        }
    }

    /// Goal: whatever is shown to whom and whoever crashes when, no height ever has two roots that a quorum signed,
    /// no
    /// two clients ever believe different histories, and the liar is named by what it signed.
    // = docs/spec/14-witnesses.md R14.5 R14.8 R14.9
    // = docs/spec/15-light-client.md R15.6 R15.8
    @Test
    void noClientIsFooled() {
        int believed = 0;
        int forks = 0;
        for (long seed = 1; seed <= 6; seed++) {
            int[] seen = run(seed);
            believed += seen[0];
            forks += seen[1];
        }
        assertTrue(believed > 50, "checkpoints believed: " + believed);
        assertTrue(forks > 50, "forks seen: " + forks);
    }

    private static int[] run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        try (Actors actors = new Actors(seed, 8)) {
            Genesis genesis = actors.genesis(Parameters.QUICK, 2, 1_000_000_000);
            List<Side> sides = new ArrayList<>();
            for (int payer = 0; payer < 2; payer++) {
                Chain chain = new Chain(actors, genesis);
                chain.block(1, chain.signed(payer, new Transaction.Commit(actors.salt()), null));
                sides.add(new Side(chain));
            }
            List<WitnessMemory> memories = new ArrayList<>();
            for (int i = 0; i < HONEST; i++) {
                memories.add(WitnessMemory.start(genesis.id()));
            }
            List<LightClient> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(LightClient.start(genesis, 1_000_000));
            }
            int[] seen = new int[2];
            for (int step = 0; step < STEPS; step++) {
                Side side = sides.get(random.nextInt(2));
                if (random.nextInt(10) == 0) {
                    side.extend(random.nextInt(2));
                }
                int witness = random.nextInt(HONEST + 1);
                if (witness < HONEST) {
                    ask(random, side, witness, memories);
                } else {
                    Checkpoint any = side.checkpoints.get(random.nextInt(side.checkpoints.size()));
                    keep(side, any, side.chain.signature(any, HONEST, any.timeSeconds()));
                }
                show(random, sides.get(random.nextInt(2)), clients, seen);
                checkOneBelief(sides, clients);
            }
            checkOneQuorum(sides);
            checkLiar(sides, actors);
            return seen;
        }
    }

    /* An honest witness that may crash between deciding, storing and answering. */
    private static void ask(SplittableRandom random, Side side, int witness, List<WitnessMemory> memories) {
        Checkpoint next = side.chain.ledger.checkpoint();
        WitnessMemory memory = memories.get(witness);
        Checkpoint last = memory.last();
        long from = last == null ? 0 : Math.min(last.blocks(), next.blocks());
        Witness.Answer answer = new Witness(side.chain.actors.signing(4 + witness), witness, side.chain.keys())
                .consider(
                        memory,
                        side.chain.propose(next),
                        side.chain.history.consistency(from, next.blocks()),
                        next.timeSeconds());
        if (answer instanceof Witness.Answer.StoreThenAnswer good) {
            int crash = random.nextInt(4);
            if (crash != 0) {
                memories.set(witness, stored(good.memory()));
            }
            if (crash > 1) {
                keep(side, next, good.signature());
            }
        }
    }

    private static WitnessMemory stored(WitnessMemory memory) {
        return switch (WitnessMemory.decode(memory.encode())) {
            case Decoded.Value<WitnessMemory>(WitnessMemory value) -> value;
            case Decoded.Malformed<WitnessMemory>(String reason) -> throw new AssertionError(reason);
        };
    }

    private static void keep(Side side, Checkpoint checkpoint, WitnessSignature signature) {
        side.signatures
                .computeIfAbsent(checkpoint.height(), _ -> new HashMap<>())
                .put(signature.witness(), signature);
    }

    /* The newest there is, or what this side has at the height that the client has. */
    private static void show(SplittableRandom random, Side side, List<LightClient> clients, int[] seen) {
        int index = random.nextInt(CLIENTS);
        LightClient client = clients.get(index);
        int held = (int) client.query(NAME).blocks() - 2; // the checkpoint of height 1 is the first in the list
        Checkpoint next = held >= 0 && held < side.checkpoints.size() && random.nextInt(3) == 0
                ? side.checkpoints.get(held)
                : side.chain.ledger.checkpoint();
        long from = Math.min(client.query(NAME).blocks(), next.blocks());
        HistoryProof history = side.chain.history.consistency(from, next.blocks());
        Answer answer = Answer.of(side.chain.ledger, NAME, side.signed(next), List.of(), history, null);
        Verdict verdict = client.resolve(NAME, answer.encode(), next.timeSeconds());
        if (verdict.outcome() instanceof Verdict.Refused refused) {
            seen[0] += refused.reason() == Reason.UNKNOWN ? 1 : 0; // the name is proven to be nobody's
            seen[1] += refused.reason() == Reason.FORK ? 1 : 0;
        }
        clients.set(index, verdict.client());
    }

    /* Signatures are never taken away, so the end shows what every step would have. */
    private static void checkOneQuorum(List<Side> sides) {
        Side one = sides.get(0);
        Side other = sides.get(1);
        for (int i = 0; i < Math.min(one.checkpoints.size(), other.checkpoints.size()); i++) {
            boolean both =
                    one.signed(one.checkpoints.get(i)).quorum(one.chain.keys()).isReached()
                            && other.signed(other.checkpoints.get(i))
                                    .quorum(one.chain.keys())
                                    .isReached();
            assertEquals(
                    false, both, "two roots at height " + one.checkpoints.get(i).height());
        }
    }

    private static void checkOneBelief(List<Side> sides, List<LightClient> clients) {
        long sidesBelieved = sides.stream()
                .filter(side -> clients.stream()
                        .map(client -> client.query(NAME).newest())
                        .anyMatch(newest -> newest != null && side.checkpoints.contains(newest.checkpoint())))
                .count();
        assertTrue(sidesBelieved <= 1, "clients believe two histories");
    }

    private static void checkLiar(List<Side> sides, Actors actors) {
        Side one = sides.get(0);
        for (int i = 0;
                i < Math.min(one.checkpoints.size(), sides.get(1).checkpoints.size());
                i++) {
            Equivocation evidence = new Equivocation(
                    one.signed(one.checkpoints.get(i)),
                    sides.get(1).signed(sides.get(1).checkpoints.get(i)));
            assertTrue(
                    List.of(actors.key(4 + HONEST)).containsAll(evidence.liars(one.chain.keys())),
                    "an honest witness is accused");
        }
    }
}
