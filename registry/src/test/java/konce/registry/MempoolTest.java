package konce.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import konce.names.encoding.Key;
import konce.names.ledger.SignedTransaction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MempoolTest {
    private final World world = new World(1);
    private final Mempool pool = new Mempool(8);

    @AfterEach
    void close() {
        world.close();
    }

    private SignedTransaction take(int account, long nonce, long fee) {
        SignedTransaction transaction = world.payment(account, nonce, fee);
        assertInstanceOf(Mempool.Outcome.Taken.class, pool.add(transaction, 0));
        return transaction;
    }

    /// Goal: the dearest go first, and each account's in their order, however dear the later ones are.
    @Test
    void dearestFirstAndInTurn() {
        SignedTransaction cheap = take(0, 0, 10);
        SignedTransaction dearBehind = take(0, 1, 900);
        SignedTransaction middle = take(1, 0, 50);
        SignedTransaction dear = take(2, 0, 500);
        assertEquals(List.of(dear, middle, cheap, dearBehind), pool.best(10));
        assertEquals(List.of(dear, middle), pool.best(2));
        assertEquals(4, pool.size(), "they stay until they are settled");
        assertEquals(List.of(cheap), pool.settle(World.id(world.accounts.getFirst()), 1));
        assertEquals(List.of(dearBehind, dear, middle), pool.best(10));
    }

    /// Goal: a nonce out of turn is refused: below, above, and beyond what waits. R16.7
    @Test
    void noncesHaveNoGaps() {
        assertEquals(Mempool.Outcome.OutOfTurn.OUT_OF_TURN, pool.add(world.payment(0, 1, 10), 0));
        assertEquals(Mempool.Outcome.OutOfTurn.OUT_OF_TURN, pool.add(world.payment(0, 0, 10), 1));
        take(0, 0, 10);
        assertEquals(Mempool.Outcome.OutOfTurn.OUT_OF_TURN, pool.add(world.payment(0, 2, 10), 0));
    }

    /// Goal: the same again is known; another with its nonce takes its place for an eighth more. R16.9
    @Test
    void replacedForAnEighthMore() {
        SignedTransaction first = take(0, 0, 800);
        assertEquals(Mempool.Outcome.Known.KNOWN, pool.add(first, 0));
        assertEquals(new Mempool.Outcome.TooCheap(900), pool.add(world.payment(0, 0, 899), 0));
        SignedTransaction second = world.payment(0, 0, 900);
        assertEquals(new Mempool.Outcome.Taken(first), pool.add(second, 0));
        assertEquals(List.of(second), pool.best(10));
        assertEquals(1, pool.size());
    }

    /// Goal: a full pool lets go of the cheapest that nothing waits behind, for a dearer one of another account.
    /// R16.8
    @Test
    void fullMeansDearerOrRefused() {
        for (int i = 0; i < 4; i++) {
            take(0, i, 20 - i);
            take(1, i, 40 + i);
        }
        assertEquals(new Mempool.Outcome.TooCheap(18), pool.add(world.payment(2, 0, 17), 0));
        assertEquals(new Mempool.Outcome.TooCheap(18), pool.add(world.payment(0, 4, 1_000), 0), "not for its own");
        SignedTransaction dearer = world.payment(2, 0, 18);
        assertEquals(new Mempool.Outcome.Taken(world.payment(0, 3, 17)), pool.add(dearer, 0));
        assertEquals(8, pool.size());
        assertTrue(pool.best(10).contains(dearer));
    }

    /// Goal: one account never has more than its share.
    @Test
    void anAccountHasAShare() {
        Mempool roomy = new Mempool();
        for (int i = 0; i < Mempool.ACCOUNT_TRANSACTIONS_MAX; i++) {
            assertInstanceOf(Mempool.Outcome.Taken.class, roomy.add(world.payment(0, i, 10), 0));
        }
        assertEquals(
                Mempool.Outcome.AccountFull.ACCOUNT_FULL,
                roomy.add(world.payment(0, Mempool.ACCOUNT_TRANSACTIONS_MAX, 10), 0));
    }

    /// Goal: what is dropped takes along what cannot go in without it.
    @Test
    void droppedWithWhatIsBehind() {
        SignedTransaction first = take(0, 0, 10);
        SignedTransaction second = take(0, 1, 10);
        SignedTransaction third = take(0, 2, 10);
        assertEquals(List.of(third, second), pool.drop(second));
        assertEquals(List.of(first), pool.best(10));
    }

    /// Goal: whatever comes, the pool is never larger than it may be, and what it gives always fits. Method: random
    /// work, with the nonces of what was given counted as a ledger would.
    @Test
    void alwaysFits() {
        Random random = new Random(413);
        Map<Key, Long> nonces = new HashMap<>();
        for (int step = 0; step < 5_000; step++) {
            int account = random.nextInt(World.ACCOUNTS);
            Key id = World.id(world.accounts.get(account));
            long nonce = nonces.getOrDefault(id, 0L);
            pool.add(world.payment(account, nonce + random.nextInt(4), 1 + random.nextInt(50)), nonce);
            assertTrue(pool.size() <= 8);
            if (random.nextInt(6) == 0) {
                for (SignedTransaction next : new ArrayList<>(pool.best(1 + random.nextInt(4)))) {
                    Key of = next.order().account();
                    assertEquals(nonces.getOrDefault(of, 0L), next.order().nonce(), "in turn, at step " + step);
                    nonces.put(of, next.order().nonce() + 1);
                    pool.settle(of, next.order().nonce() + 1);
                }
            }
        }
        assertTrue(nonces.size() == World.ACCOUNTS, "work was done");
    }
}
