package konce.names.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import konce.crypto.SigningKey;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The state machine against [NaiveLedger] over random transactions: the same ones are refused, for the same rule, and
/// after every block both hold the same.
class ModelTest {
    private static final int PEOPLE = 6;
    private static final List<Name> NAMES = List.of(new Name("a"), new Name("bb"), new Name("ccccc"));
    private static final List<Name> ROLES = List.of(new Name("ceo"), new Name("cfo"));
    private static final Parameters RULES =
            new Parameters(2, 60, 600, 60, 8, 16, 3, 5, List.of(90L, 40L, 30L, 20L, 10L));

    private final Map<Rule, Integer> met = new EnumMap<>(Rule.class);

    // = docs/spec/12-ledger.md R12.5 R12.20 R12.21 R12.22 R12.23 R12.24
    @Test
    void itAgreesWithANaiveModel() {
        int done = 0;
        for (long seed = 1; seed <= 6; seed++) {
            done += run(seed, 1_000);
        }
        assertTrue(done > 1_000, "transactions taken: " + done);
        assertTrue(met.size() > 22, "rules met: " + met);
    }

    private int run(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        int done = 0;
        try (Actors actors = new Actors(seed, PEOPLE + 5)) {
            Chain chain = new Chain(actors, actors.genesis(RULES, 3, 20_000));
            NaiveLedger naive = new NaiveLedger(RULES, 20_000, actors, PEOPLE);
            Draw draw = new Draw(random, actors, naive);
            for (int i = 0; i < count; i++) {
                int payer = random.nextInt(PEOPLE);
                long seconds = random.nextInt(40) == 0 ? random.nextInt(300) : random.nextInt(4);
                naive.pass(seconds);
                Transaction transaction = draw.transaction(payer);
                int by = draw.authorizer(transaction);
                SigningKey signer = transaction instanceof Transaction.ByName ? actors.signing(by) : null;
                long nonce = naive.nonce(payer) + (random.nextInt(20) == 0 ? random.nextInt(3) - 1 : 0);
                SignedTransaction signed = chain.order(payer, Math.max(0, nonce), transaction, signer);
                Rule expected = naive.apply(payer, Math.max(0, nonce), transaction, by);
                Rule actual = chain.tryBlock(seconds, signed);
                assertEquals(expected, actual, "seed " + seed + ", transaction " + i + ": " + transaction);
                if (actual == null) {
                    done++;
                } else {
                    met.merge(actual, 1, Integer::sum);
                    chain.block(seconds);
                }
                compare(chain.ledger, naive, actors);
            }
        }
        return done;
    }

    private static void compare(Ledger ledger, NaiveLedger naive, Actors actors) {
        long sum = 0;
        for (int i = 0; i < PEOPLE; i++) {
            Account account = ledger.account(actors.key(i));
            assertEquals(naive.grains(i), account == null ? -1 : account.grains());
            sum += account == null ? 0 : account.grains();
        }
        Totals totals = ledger.totals();
        assertEquals(sum, totals.grains());
        assertEquals(60_000, totals.grains() + totals.burnedGrains());
        for (Name name : NAMES) {
            NameRecord record = ledger.name(name);
            assertEquals(naive.describe(name), describe(ledger, record, actors));
        }
    }

    private static String describe(Ledger ledger, @Nullable NameRecord record, Actors actors) {
        if (record == null) {
            return "none";
        }
        StringBuilder text = new StringBuilder();
        text.append("master ").append(index(actors, record.master()));
        text.append(" recovery ").append(record.recovery() == null ? -1 : index(actors, record.recovery()));
        text.append(" owner ").append(record.owner()).append(" sequence ").append(record.sequence());
        text.append(" expires ").append(record.expiresSeconds());
        text.append(" waits ").append(record.pending().getClass().getSimpleName());
        for (Name role : ROLES) {
            RoleRecord held = ledger.role(new Role(role, record.name()));
            text.append(' ').append(held == null || !held.isHeld(record) ? "-" : index(actors, held.key()));
        }
        return text.toString();
    }

    private static int index(Actors actors, @Nullable Key key) {
        assertNotNull(key);
        for (int i = 0; i < PEOPLE; i++) {
            if (actors.key(i).equals(key)) {
                return i;
            }
        }
        throw new AssertionError("a key from nowhere");
    }

    /// Draws transactions that are sensible more often than not.
    private record Draw(SplittableRandom random, Actors actors, NaiveLedger naive) {
        Transaction transaction(int payer) {
            Name name = NAMES.get(random.nextInt(NAMES.size()));
            Name role = ROLES.get(random.nextInt(ROLES.size()));
            long sequence = naive.sequence(name) + (random.nextInt(12) == 0 ? 1 : 0);
            int other = random.nextInt(PEOPLE);
            Key key = actors.key(other);
            Key maybe = random.nextBoolean() ? actors.key(random.nextInt(PEOPLE)) : null;
            return switch (random.nextInt(17)) {
                case 0, 1 -> new Transaction.TransferCoins(key, random.nextInt(10) == 0 ? 0 : random.nextInt(2_000));
                case 2 -> new Transaction.Commit(Transaction.commitment(actors.key(payer), name, salt()));
                case 3, 4, 5 -> new Transaction.Reveal(name, salt(), key, maybe, 1 + random.nextInt(3));
                case 6 -> new Transaction.Commit(Transaction.commitment(actors.key(payer), name, salt()));
                case 7 -> new Transaction.Renew(name, 1 + random.nextInt(10));
                case 8 -> new Transaction.TransferName(name, sequence, key, maybe);
                case 9 ->
                    new Transaction.OfferName(
                            name, sequence, random.nextInt(200), key, naive.now() + random.nextInt(60));
                case 10, 11 ->
                    new Transaction.BuyName(
                            name, sequence, naive.price(name) + (random.nextInt(8) == 0 ? 1 : 0), key, maybe);
                case 12 -> new Transaction.CallOff(name, sequence);
                case 13 -> new Transaction.SetMaster(name, sequence, key);
                case 14 -> new Transaction.SetRecovery(name, sequence, maybe);
                case 15 -> new Transaction.Recover(name, sequence, key);
                default ->
                    random.nextBoolean()
                            ? new Transaction.Designate(role, name, sequence, key)
                            : new Transaction.Withdraw(role, name, sequence);
            };
        }

        /* Two salts only, so that reveals meet their commitments. */
        private Hash salt() {
            return random.nextInt(8) == 0 ? new Hash(1, 0, 0, 0) : Hash.ZERO;
        }

        int authorizer(Transaction transaction) {
            if (!(transaction instanceof Transaction.ByName byName) || random.nextInt(8) == 0) {
                return random.nextInt(PEOPLE);
            }
            boolean recovers = transaction instanceof Transaction.Recover
                    || (transaction instanceof Transaction.CallOff && random.nextBoolean());
            int recovery = naive.recovery(byName.name());
            return recovers && recovery >= 0 ? recovery : naive.master(byName.name());
        }
    }
}
