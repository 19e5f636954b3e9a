package konce.names.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import konce.crypto.SigningKey;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every rule, broken once. 0 and 1 have coins; 2 is the master key of the name, 3 its recovery key, 4 another's.
class RulesTest {
    private static final Name SHOP = new Name("examplecorp");
    private static final Name CEO = new Name("ceo");
    private static final Parameters RULES =
            new Parameters(10, 100, 1_000, 50, 20, 40, 7, 11, List.of(5_000L, 400L, 300L, 200L, 100L));
    private static final Key NO_KEY = new Key(0, 0, 0, 0);

    private Actors actors;
    private Chain chain;

    @BeforeEach
    void begin() {
        actors = new Actors(7, 11);
        chain = new Chain(actors, actors.genesis(RULES, 2, 100_000));
    }

    @AfterEach
    void end() {
        actors.close();
    }

    private @Nullable Rule tried(long after, int payer, Transaction transaction, @Nullable SigningKey by) {
        Hash before = chain.ledger.trie().root();
        Rule rule = chain.tryBlock(after, chain.signed(payer, transaction, by));
        if (rule != null) {
            // = docs/spec/12-ledger.md R12.5
            assertEquals(before, chain.ledger.trie().root());
        }
        return rule;
    }

    private void done(long after, int payer, Transaction transaction, @Nullable SigningKey by) {
        assertNull(tried(after, payer, transaction, by));
    }

    private NameRecord shop() {
        NameRecord record = chain.ledger.name(SHOP);
        assertNotNull(record);
        return record;
    }

    private long grains(int index) {
        Account account = chain.ledger.account(actors.key(index));
        return account == null ? 0 : account.grains();
    }

    private SignedTransaction order(long nonce, long fee, long until) {
        SignedTransaction.Order order = new SignedTransaction.Order(
                actors.key(0), nonce, fee, until, new Transaction.TransferCoins(actors.key(1), 1));
        return order.sign(actors.signing(0), chain.ledger.genesisId(), null);
    }

    // = docs/spec/12-ledger.md R12.6 R12.7 R12.8 R12.9
    @Test
    void whatEveryTransactionKeeps() {
        assertEquals(Rule.ACCOUNT_UNKNOWN, tried(0, 4, new Transaction.TransferCoins(actors.key(0), 1), null));
        long now = Actors.START_SECONDS;
        assertEquals(Rule.TRANSACTION_EXPIRED, chain.tryBlock(0, order(0, 7, now - 1)));
        assertEquals(Rule.NONCE_AHEAD, chain.tryBlock(0, order(1, 7, now)));
        assertEquals(Rule.FEE_TOO_LOW, chain.tryBlock(0, order(0, 6, now)));
        assertEquals(Rule.INSUFFICIENT_COINS, chain.tryBlock(0, order(0, 100_001, now)));
        SignedTransaction good = order(0, 7, now);
        SignedTransaction elsewhere = good.order().sign(actors.signing(0), Hash.ZERO, null);
        assertEquals(Rule.BAD_SIGNATURE, chain.tryBlock(0, elsewhere));
        SignedTransaction others = good.order().sign(actors.signing(1), chain.ledger.genesisId(), null);
        assertEquals(Rule.BAD_SIGNATURE, chain.tryBlock(0, others));
        SignedTransaction authorizationOnly = new SignedTransaction(
                good.order(), null, good.order().authorize(actors.signing(0), chain.ledger.genesisId()));
        assertEquals(Rule.BAD_SIGNATURE, chain.tryBlock(0, authorizationOnly));
        chain.block(0, good);
        assertEquals(Rule.NONCE_USED, chain.tryBlock(0, good));
        assertEquals(100_001, grains(1));
        assertEquals(100_000 - 8, grains(0));
    }

    // = docs/spec/12-ledger.md R12.11 R12.12 R12.13
    @Test
    void transfersOfCoins() {
        Key to = actors.key(4);
        assertEquals(Rule.AMOUNT_ZERO, tried(0, 0, new Transaction.TransferCoins(to, 0), null));
        assertEquals(Rule.SELF_TRANSFER, tried(0, 0, new Transaction.TransferCoins(actors.key(0), 1), null));
        assertEquals(Rule.KEY_INVALID, tried(0, 0, new Transaction.TransferCoins(NO_KEY, 1), null));
        long all = 100_000 - 7 - 11;
        assertEquals(Rule.INSUFFICIENT_COINS, tried(0, 0, new Transaction.TransferCoins(to, all + 1), null));
        done(0, 0, new Transaction.TransferCoins(to, all), null);
        assertEquals(0, grains(0));
        assertEquals(all, grains(4));
        assertEquals(new Totals(200_000 - 18, 18, 0, 3), chain.ledger.totals());
    }

    // = docs/spec/12-ledger.md R12.14 R12.15 R12.16 R12.18
    @Test
    void registrations() {
        Hash salt = actors.salt();
        Transaction commit = new Transaction.Commit(Transaction.commitment(actors.key(0), SHOP, salt));
        Transaction reveal = new Transaction.Reveal(SHOP, salt, actors.key(2), null, 3);
        assertEquals(Rule.COMMITMENT_UNKNOWN, tried(0, 0, reveal, null));
        done(0, 0, commit, null);
        assertEquals(Rule.COMMITMENT_EXISTS, tried(0, 0, commit, null));
        assertEquals(Rule.COMMITMENT_TOO_YOUNG, tried(9, 0, reveal, null));
        assertEquals(Rule.COMMITMENT_UNKNOWN, tried(10, 1, reveal, null));
        assertEquals(Rule.KEY_INVALID, tried(10, 0, new Transaction.Reveal(SHOP, salt, NO_KEY, null, 1), null));
        assertEquals(
                Rule.KEY_INVALID, tried(10, 0, new Transaction.Reveal(SHOP, salt, actors.key(2), NO_KEY, 1), null));
        assertEquals(Rule.COMMITMENT_TOO_OLD, tried(101, 0, reveal, null));
        done(100, 0, reveal, null);
        assertEquals(100_000 - 2 * 7 - 300, grains(0));
        assertEquals(Actors.START_SECONDS + 100 + 3_000, shop().expiresSeconds());
        assertEquals(1, shop().owner());
        Hash later = actors.salt();
        done(0, 1, new Transaction.Commit(Transaction.commitment(actors.key(1), SHOP, later)), null);
        Transaction second = new Transaction.Reveal(SHOP, later, actors.key(4), null, 1);
        assertEquals(Rule.NAME_TAKEN, tried(10, 1, second, null));
        assertEquals(5_000, RULES.rent(new Name("a"), 1));
        assertEquals(400, RULES.rent(new Name("ab"), 1));
        assertEquals(600, RULES.rent(new Name("abc"), 2));
        assertEquals(200, RULES.rent(new Name("abcd"), 1));
        assertEquals(100, RULES.rent(new Name("abcde"), 1));
    }

    // = docs/spec/12-ledger.md R12.15
    @Test
    void commitmentsAreBounded() {
        for (int i = 0; i < Account.COMMITMENTS_MAX; i++) {
            done(0, 0, new Transaction.Commit(actors.salt()), null);
        }
        assertEquals(Rule.COMMITMENTS_FULL, tried(100, 0, new Transaction.Commit(actors.salt()), null));
        done(101, 0, new Transaction.Commit(actors.salt()), null);
        assertEquals(1, chain.ledger.account(actors.key(0)).commitments().size());
    }

    // = docs/spec/12-ledger.md R12.17 R12.18 R12.19
    @Test
    void rentEndsInGraceAndThenInFreedom() {
        assertEquals(Rule.NAME_UNKNOWN, tried(0, 0, new Transaction.Renew(SHOP, 1), null));
        chain.register(0, SHOP, 2, 3);
        NameRecord first = shop();
        assertEquals(Rule.RENEWED_TOO_FAR, tried(0, 1, new Transaction.Renew(SHOP, 10), null));
        Transaction transfer = new Transaction.TransferName(SHOP, first.sequence(), actors.key(4), null);
        long untilExpiry = first.expiresSeconds() - chain.ledger.head().timeSeconds();
        chain.block(untilExpiry);
        assertEquals(NameRecord.Status.GRACE, shop().status(first.expiresSeconds(), RULES));
        assertEquals(Rule.NAME_EXPIRED, tried(0, 0, transfer, actors.signing(2)));
        done(49, 1, new Transaction.Renew(SHOP, 1), null);
        assertEquals(first.expiresSeconds() + 1_000, shop().expiresSeconds());
        assertEquals(first.sequence(), shop().sequence());
        assertEquals(Rule.RENEWED_TOO_FAR, tried(0, 1, new Transaction.Renew(SHOP, 10), null));
        chain.block(1_000 - 49 + 50);
        assertEquals(Rule.NAME_UNKNOWN, tried(0, 1, new Transaction.Renew(SHOP, 1), null));
        assertEquals(Rule.NAME_UNKNOWN, tried(0, 0, transfer, actors.signing(2)));
        chain.register(1, SHOP, 4, 3);
        assertEquals(2, shop().owner());
        assertEquals(first.sequence() + 1, shop().sequence());
        assertEquals(1, chain.ledger.totals().names());
    }

    // = docs/spec/12-ledger.md R12.20 R12.21 R12.22
    @Test
    void aTransferWaitsForItsLock() {
        chain.register(0, SHOP, 2, 3);
        long sequence = shop().sequence();
        Transaction to = new Transaction.TransferName(SHOP, sequence, actors.key(4), null);
        assertEquals(Rule.NOT_AUTHORIZED, tried(0, 0, to, actors.signing(0)));
        assertEquals(Rule.NOT_AUTHORIZED, tried(0, 0, to, actors.signing(3)));
        assertEquals(
                Rule.KEY_INVALID,
                tried(0, 0, new Transaction.TransferName(SHOP, sequence, NO_KEY, null), actors.signing(2)));
        assertEquals(
                Rule.NAME_CHANGED,
                tried(0, 0, new Transaction.TransferName(SHOP, sequence + 1, actors.key(4), null), actors.signing(2)));
        assertEquals(Rule.NOTHING_PENDING, tried(0, 0, new Transaction.CallOff(SHOP, sequence), actors.signing(2)));
        done(0, 0, to, actors.signing(2));
        assertEquals(actors.key(2), shop().master());
        Transaction setMaster = new Transaction.SetMaster(SHOP, sequence + 1, actors.key(1));
        assertEquals(Rule.LOCKED, tried(0, 0, setMaster, actors.signing(2)));
        Transaction callOff = new Transaction.CallOff(SHOP, sequence + 1);
        assertEquals(Rule.NOT_AUTHORIZED, tried(0, 0, callOff, actors.signing(4)));
        done(0, 0, callOff, actors.signing(3));
        done(0, 0, new Transaction.TransferName(SHOP, sequence + 2, actors.key(4), actors.key(1)), actors.signing(2));
        chain.block(19);
        assertEquals(actors.key(2), shop().master());
        chain.block(1);
        assertEquals(actors.key(4), shop().master());
        assertEquals(actors.key(1), shop().recovery());
        assertEquals(2, shop().owner());
        assertEquals(
                Rule.NOT_AUTHORIZED,
                tried(0, 0, new Transaction.SetMaster(SHOP, shop().sequence(), actors.key(1)), actors.signing(2)));
        done(0, 0, new Transaction.SetMaster(SHOP, shop().sequence(), actors.key(2)), actors.signing(4));
        assertEquals(actors.key(2), shop().master());
        assertEquals(2, shop().owner());
    }

    // = docs/spec/12-ledger.md R12.23
    @Test
    void aSaleHappensWholeOrNotAtAll() {
        chain.register(0, SHOP, 2, 3);
        long sequence = shop().sequence();
        long now = chain.ledger.head().timeSeconds();
        Transaction tooShort = new Transaction.OfferName(SHOP, sequence, 500, actors.key(0), now + 19);
        assertEquals(Rule.OFFER_TOO_SHORT, tried(0, 0, tooShort, actors.signing(2)));
        Transaction unpaid = new Transaction.OfferName(SHOP, sequence, 500, actors.key(4), now + 20);
        assertEquals(Rule.PAYEE_UNKNOWN, tried(0, 0, unpaid, actors.signing(2)));
        assertEquals(
                Rule.NOT_OFFERED, tried(0, 1, new Transaction.BuyName(SHOP, sequence, 500, actors.key(4), null), null));
        done(0, 0, new Transaction.OfferName(SHOP, sequence, 500, actors.key(0), now + 60), actors.signing(2));
        long offered = shop().sequence();
        Transaction buy = new Transaction.BuyName(SHOP, offered, 500, actors.key(4), null);
        assertEquals(Rule.OFFER_LOCKED, tried(19, 1, buy, null));
        assertEquals(
                Rule.PRICE_DIFFERS,
                tried(20, 1, new Transaction.BuyName(SHOP, offered, 499, actors.key(4), null), null));
        assertEquals(Rule.KEY_INVALID, tried(20, 1, new Transaction.BuyName(SHOP, offered, 500, NO_KEY, null), null));
        assertEquals(Rule.NAME_CHANGED, tried(61, 1, buy, null));
        done(0, 1, new Transaction.TransferCoins(actors.key(0), 100_000 - 7 - 499 - 7), null);
        assertEquals(Rule.INSUFFICIENT_COINS, tried(20, 1, buy, null));
        done(0, 0, new Transaction.TransferCoins(actors.key(1), 1), null);
        long seller = grains(0);
        done(60, 1, buy, null);
        assertEquals(0, grains(1));
        assertEquals(seller + 500, grains(0));
        assertEquals(actors.key(4), shop().master());
        assertEquals(2, shop().owner());
        assertEquals(Pending.None.NONE, shop().pending());
    }

    /// Goal: whoever sells to themselves neither gains nor loses.
    // = docs/spec/12-ledger.md R12.11 R12.23
    @Test
    void buyingFromOneselfMakesNoCoins() {
        chain.register(0, SHOP, 2, 3);
        long now = chain.ledger.head().timeSeconds();
        done(0, 0, new Transaction.OfferName(SHOP, 1, 500, actors.key(0), now + 60), actors.signing(2));
        long before = grains(0);
        done(20, 0, new Transaction.BuyName(SHOP, 2, 500, actors.key(4), null), null);
        assertEquals(before - 7, grains(0));
    }

    // = docs/spec/12-ledger.md R12.20 R12.22
    @Test
    void aLostMasterKeyIsReplacedAfterADelay() {
        chain.register(0, SHOP, 2, 3);
        Transaction recover = new Transaction.Recover(SHOP, 1, actors.key(4));
        assertEquals(Rule.NOT_AUTHORIZED, tried(0, 0, recover, actors.signing(2)));
        assertEquals(Rule.KEY_INVALID, tried(0, 0, new Transaction.Recover(SHOP, 1, NO_KEY), actors.signing(3)));
        done(0, 0, new Transaction.TransferName(SHOP, 1, actors.key(1), null), actors.signing(2));
        done(0, 0, new Transaction.Recover(SHOP, 2, actors.key(4)), actors.signing(3));
        assertTrue(shop().pending() instanceof Pending.Recovery);
        assertEquals(Rule.LOCKED, tried(0, 0, new Transaction.Recover(SHOP, 3, actors.key(1)), actors.signing(3)));
        Transaction callOff = new Transaction.CallOff(SHOP, 3);
        assertEquals(Rule.NOT_AUTHORIZED, tried(0, 0, callOff, actors.signing(3)));
        done(39, 0, callOff, actors.signing(2));
        done(0, 0, new Transaction.Recover(SHOP, 4, actors.key(4)), actors.signing(3));
        chain.block(40);
        assertEquals(actors.key(4), shop().master());
        assertEquals(1, shop().owner());
    }

    // = docs/spec/12-ledger.md R12.22
    @Test
    void theRecoveryKeyGuardsItself() {
        chain.register(0, SHOP, 2, 3);
        assertEquals(Rule.KEY_INVALID, tried(0, 0, new Transaction.SetRecovery(SHOP, 1, NO_KEY), actors.signing(2)));
        done(0, 0, new Transaction.SetRecovery(SHOP, 1, null), actors.signing(2));
        assertEquals(actors.key(3), shop().recovery());
        done(0, 0, new Transaction.CallOff(SHOP, 2), actors.signing(3));
        done(0, 0, new Transaction.SetRecovery(SHOP, 3, null), actors.signing(2));
        chain.block(40);
        assertNull(shop().recovery());
        assertEquals(
                Rule.NO_RECOVERY_KEY, tried(0, 0, new Transaction.Recover(SHOP, 5, actors.key(1)), actors.signing(3)));
        done(0, 0, new Transaction.SetRecovery(SHOP, 5, actors.key(4)), actors.signing(2));
        assertEquals(actors.key(4), shop().recovery());
    }

    // = docs/spec/12-ledger.md R12.24
    @Test
    void rolesAreTheirOwners() {
        chain.register(0, SHOP, 2, 3);
        Role role = new Role(CEO, SHOP);
        assertEquals(Rule.ROLE_UNKNOWN, tried(0, 0, new Transaction.Withdraw(CEO, SHOP, 1), actors.signing(2)));
        assertEquals(Rule.KEY_INVALID, tried(0, 0, new Transaction.Designate(CEO, SHOP, 1, NO_KEY), actors.signing(2)));
        done(0, 0, new Transaction.Designate(CEO, SHOP, 1, actors.key(1)), actors.signing(2));
        assertTrue(chain.ledger.role(role).isHeld(shop()));
        done(0, 0, new Transaction.Withdraw(CEO, SHOP, 2), actors.signing(2));
        assertEquals(false, chain.ledger.role(role).isHeld(shop()));
        done(0, 0, new Transaction.Designate(CEO, SHOP, 3, actors.key(1)), actors.signing(2));
        assertEquals(1, shop().roles());
        done(0, 0, new Transaction.TransferName(SHOP, 4, actors.key(4), null), actors.signing(2));
        chain.block(20);
        assertEquals(false, chain.ledger.role(role).isHeld(shop()));
        assertEquals(Rule.ROLE_UNKNOWN, tried(0, 0, new Transaction.Withdraw(CEO, SHOP, 6), actors.signing(4)));
        assertEquals(0, shop().roles());
    }

    /// Goal: an owner's roles are bounded. Method: the record says there are as many as there may be.
    // = docs/spec/12-ledger.md R12.24
    @Test
    void rolesAreBounded() {
        chain.register(0, SHOP, 2, 3);
        State state = new State(chain.ledger.trie()).with(shop().withRoles(NameRecord.ROLES_MAX));
        SignedTransaction more =
                chain.signed(0, new Transaction.Designate(CEO, SHOP, 2, actors.key(1)), actors.signing(2));
        Transition.Context context = new Transition.Context(
                RULES, chain.ledger.genesisId(), chain.ledger.head().timeSeconds(), false);
        assertEquals(new Transition.Outcome.Refused(Rule.ROLES_FULL), Transition.of(context, state, more));
    }

    // = docs/spec/12-ledger.md R12.25 R12.26
    @Test
    void blocksThatDoNotFit() {
        SignedTransaction one = chain.signed(0, new Transaction.TransferCoins(actors.key(1), 1), null);
        SignedTransaction two = chain.signed(1, new Transaction.TransferCoins(actors.key(0), 1), null);
        Block good =
                chain.ledger.draft(Actors.START_SECONDS + 5, List.of(one, two)).block();
        Block.Header h = good.header();
        Set<Rule> seen = EnumSet.noneOf(Rule.class);
        for (Block.Header bad : List.of(
                new Block.Header(
                        2, h.previous(), h.timeSeconds(), h.stateRoot(), h.historyRoot(), h.transactionsRoot()),
                new Block.Header(1, Hash.ZERO, h.timeSeconds(), h.stateRoot(), h.historyRoot(), h.transactionsRoot()),
                new Block.Header(
                        1,
                        h.previous(),
                        Actors.START_SECONDS - 1,
                        h.stateRoot(),
                        h.historyRoot(),
                        h.transactionsRoot()),
                new Block.Header(1, h.previous(), h.timeSeconds(), h.stateRoot(), Hash.ZERO, h.transactionsRoot()),
                new Block.Header(1, h.previous(), h.timeSeconds(), h.stateRoot(), h.historyRoot(), Hash.ZERO),
                new Block.Header(1, h.previous(), h.timeSeconds(), Hash.ZERO, h.historyRoot(), h.transactionsRoot()))) {
            seen.add(refused(new Block(bad, good.transactions())));
        }
        assertEquals(EnumSet.range(Rule.BLOCK_HEIGHT, Rule.BLOCK_STATE), seen);
        List<SignedTransaction> twice = List.of(one, one);
        Block repeated = new Block(
                new Block.Header(1, h.previous(), h.timeSeconds(), h.stateRoot(), h.historyRoot(), Block.root(twice)),
                twice);
        assertEquals(new Ledger.Result.Refused(Rule.NONCE_USED, 1), chain.ledger.apply(repeated));
        assertTrue(chain.ledger.apply(good) instanceof Ledger.Result.Applied);
        assertTrue(chain.ledger.replay(good) instanceof Ledger.Result.Applied);
        assertNotEquals(h.hash(), chain.ledger.head().hash());
    }

    private Rule refused(Block block) {
        return switch (chain.ledger.apply(block)) {
            case Ledger.Result.Refused(Rule rule, int index) -> {
                assertEquals(-1, index);
                yield rule;
            }
            case Ledger.Result.Applied _ -> throw new AssertionError("applied");
        };
    }
}
