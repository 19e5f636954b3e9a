package konce.names.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Signature;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final long FAR = Actors.START_SECONDS + 1_000_000_000;
    private static final Name SHOP = new Name("examplecorp");

    /// Goal: a registration from commitment to proof, in blocks that another machine applies and a snapshot
    /// restores.
    @Test
    void aNameIsRegisteredAndProven() {
        try (Actors actors = new Actors(1, 9)) {
            Ledger ledger = Ledger.begin(actors.genesis(Parameters.QUICK, 2, 100 * Coins.GRAINS_PER_COIN));
            Ledger follower = ledger;
            Hash salt = actors.salt();
            List<Transaction> steps = List.of(
                    new Transaction.Commit(Transaction.commitment(actors.key(0), SHOP, salt)),
                    new Transaction.Reveal(SHOP, salt, actors.key(2), actors.key(3), 2),
                    new Transaction.Designate(new Name("ceo"), SHOP, 1, actors.key(1)),
                    new Transaction.TransferCoins(actors.key(3), 5));
            long time = Actors.START_SECONDS;
            for (Transaction step : steps) {
                time += 2;
                Ledger.Draft draft = ledger.draft(time, List.of(signed(actors, ledger, step)));
                assertEquals(List.of(), draft.omitted());
                Block block = value(Block.decode(draft.block().encode()));
                assertEquals(draft.block(), block);
                follower = assertInstanceOf(Ledger.Result.Applied.class, follower.apply(block))
                        .ledger();
                ledger = draft.ledger();
            }
            assertEquals(ledger.checkpoint(), follower.checkpoint());
            NameRecord record = present(ledger.name(SHOP));
            assertEquals(actors.key(2), record.master());
            Role ceo = new Role(new Name("ceo"), SHOP);
            assertTrue(present(ledger.role(ceo)).isHeld(record));
            Ledger.Proven proven = ledger.prove(ceo);
            assertTrue(proven.proof()
                    .isPresent(ledger.checkpoint().stateRoot(), Entry.placeOf(ceo), present(proven.entry())));
            Subject nobody = new Name("nobody");
            Ledger.Proven absent = ledger.prove(nobody);
            assertNull(absent.entry());
            assertTrue(absent.proof().isAbsent(ledger.checkpoint().stateRoot(), Entry.placeOf(nobody)));
            assertEquals(ledger.checkpoint(), restored(ledger).checkpoint());
        }
    }

    private static Ledger restored(Ledger ledger) {
        Iterator<byte[]> chunks = Snapshot.chunks(ledger);
        Snapshot.Restoring restoring = value(Snapshot.Restoring.begin(chunks.next()));
        while (chunks.hasNext()) {
            value(restoring.add(chunks.next()));
        }
        return value(restoring.finish());
    }

    private static SignedTransaction signed(Actors actors, Ledger ledger, Transaction transaction) {
        Account account = present(ledger.account(actors.key(0)));
        SignedTransaction.Order order =
                new SignedTransaction.Order(account.id(), account.nonce(), 1_000, FAR, transaction);
        Signature authorization = transaction instanceof Transaction.ByName
                ? order.authorize(actors.signing(2), ledger.genesisId())
                : null;
        return order.sign(actors.signing(0), ledger.genesisId(), authorization);
    }

    private static <T> T present(@Nullable T value) {
        assertNotNull(value);
        return value;
    }

    private static <T> T value(Decoded<T> decoded) {
        List<T> values = new ArrayList<>();
        switch (decoded) {
            case Decoded.Value<T>(T value) -> values.add(value);
            case Decoded.Malformed<T>(String reason) -> throw new AssertionError(reason);
        }
        return values.getFirst();
    }
}
