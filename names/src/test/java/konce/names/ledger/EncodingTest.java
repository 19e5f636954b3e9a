package konce.names.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import org.junit.jupiter.api.Test;

/// Encodings of everything the ledger hashes or signs.
class EncodingTest {
    private static final Name LONG = new Name("a".repeat(Name.CHARS_MAX));
    private static final Name SHORT = new Name("0");

    /// One transaction of each kind, with the longest fields.
    static List<Transaction> kinds(Actors actors) {
        Hash salt = actors.salt();
        return List.of(
                new Transaction.TransferCoins(actors.key(1), Coins.GRAINS_MAX),
                new Transaction.Commit(salt),
                new Transaction.Reveal(LONG, salt, actors.key(1), actors.key(2), 10),
                new Transaction.Reveal(SHORT, salt, actors.key(1), null, 1),
                new Transaction.Renew(LONG, 10),
                new Transaction.TransferName(LONG, Long.MAX_VALUE, actors.key(1), actors.key(2)),
                new Transaction.OfferName(LONG, 0, Coins.GRAINS_MAX, actors.key(1), Chain.FAR),
                new Transaction.BuyName(LONG, 5, 1, actors.key(1), actors.key(2)),
                new Transaction.CallOff(LONG, 5),
                new Transaction.SetMaster(LONG, 5, actors.key(1)),
                new Transaction.SetRecovery(LONG, 5, actors.key(1)),
                new Transaction.SetRecovery(SHORT, 5, null),
                new Transaction.Recover(LONG, 5, actors.key(1)),
                new Transaction.Designate(LONG, LONG, 5, actors.key(1)),
                new Transaction.Withdraw(LONG, SHORT, 5));
    }

    /// Goal: each is read back as it was; cut anywhere or longer, it is refused; with any bit changed, it is
    /// refused
    /// or is another value that is written just so.
    // = docs/spec/12-ledger.md R12.1 R12.2
    @Test
    void everyTransactionHasOneEncoding() {
        try (Actors actors = new Actors(3, 8)) {
            for (Transaction kind : kinds(actors)) {
                SignedTransaction.Order order = new SignedTransaction.Order(actors.key(0), 1, 2, 3, kind);
                SignedTransaction signed = order.sign(
                        actors.signing(0),
                        Hash.ZERO,
                        kind instanceof Transaction.ByName ? order.authorize(actors.signing(1), Hash.ZERO) : null);
                checkOneEncoding(signed, signed.encode(), SignedTransaction::decode, SignedTransaction::encode);
                assertTrue(signed.isSigned(Hash.ZERO));
                assertEquals(kind instanceof Transaction.ByName, signed.isAuthorized(Hash.ZERO, actors.key(1)));
            }
        }
    }

    // = docs/spec/12-ledger.md R12.1 R12.2
    @Test
    void everyEntryHasOneEncoding() {
        try (Actors actors = new Actors(4, 8)) {
            List<Account.Commitment> commitments = new ArrayList<>();
            for (int i = 0; i < Account.COMMITMENTS_MAX; i++) {
                commitments.add(new Account.Commitment(actors.salt(), i));
            }
            for (Pending pending : List.of(
                    Pending.None.NONE,
                    new Pending.Transfer(actors.key(1), actors.key(2), 5),
                    new Pending.Offer(5, actors.key(1), 6, 7),
                    new Pending.Recovery(actors.key(1), 9),
                    new Pending.RecoveryChange(null, 9))) {
                NameRecord record = new NameRecord(LONG, actors.key(0), actors.key(1), 5, 6, 7, 8, 9, pending);
                checkOneEncoding(record, record.encode(), Entry::decode, Entry::encode);
            }
            for (Entry entry : List.of(
                    new Account(actors.key(0), Coins.GRAINS_MAX, 7, commitments),
                    new RoleRecord(new Role(LONG, LONG), 3, actors.key(1)),
                    new RoleRecord(new Role(SHORT, LONG), 3, null),
                    new Totals(1, 2, 3, 4))) {
                checkOneEncoding(entry, entry.encode(), Entry::decode, Entry::encode);
            }
        }
    }

    // = docs/spec/12-ledger.md R12.1 R12.2
    @Test
    void aGenesisAndABlockHaveOneEncoding() {
        try (Actors actors = new Actors(5, 8)) {
            Genesis genesis = actors.genesis(Parameters.STANDARD, 2, 1_000_000);
            checkOneEncoding(genesis, genesis.encode(), Genesis::decode, Genesis::encode);
            Chain chain = new Chain(actors, genesis);
            Block block = chain.ledger
                    .draft(
                            Actors.START_SECONDS,
                            List.of(chain.signed(0, new Transaction.TransferCoins(actors.key(1), 1), null)))
                    .block();
            checkOneEncoding(block, block.encode(), Block::decode, Block::encode);
        }
    }

    private static <T> void checkOneEncoding(
            T value, byte[] bytes, Function<byte[], Decoded<T>> decode, Function<T, byte[]> encode) {
        assertEquals(new Decoded.Value<>(value), decode.apply(bytes));
        for (int length = 0; length < bytes.length; length++) {
            assertInstanceOf(Decoded.Malformed.class, decode.apply(Arrays.copyOf(bytes, length)));
        }
        assertInstanceOf(Decoded.Malformed.class, decode.apply(Arrays.copyOf(bytes, bytes.length + 1)));
        assertInstanceOf(Decoded.Malformed.class, decode.apply(new byte[Block.BYTES_MAX + 1]));
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            if (decode.apply(changed) instanceof Decoded.Value<T>(T other)) {
                assertNotEquals(value, other);
                assertArrayEquals(changed, encode.apply(other));
            }
        }
    }

    /// Goal: the same bytes hashed for another purpose are another hash.
    // = docs/spec/12-ledger.md R12.3
    @Test
    void labelsKeepHashesApart() {
        byte[] bytes = {1};
        assertNotEquals(Hashing.hash("a", bytes), Hashing.hash("b", bytes));
        assertNotEquals(Hashing.hash("a", bytes), Hashing.hash("a", new byte[] {1, 0}));
        Role role = new Role(new Name("a"), new Name("b"));
        assertNotEquals(Entry.placeOf(role), Entry.placeOf(role.name()));
    }

    // = docs/spec/12-ledger.md R12.4 R12.10
    @Test
    void namesAreSpelledOneWay() {
        for (String bad : List.of("", "-", "a-", "-a", "A", "é", "a.b", "a b", "a_b", "ａ", "a".repeat(64), "a@")) {
            assertNull(Name.parse(bad), bad);
            assertThrows(IllegalArgumentException.class, () -> new Name(bad));
        }
        for (String good : List.of("a", "0", "a-b", "a--b", "xn--a", "a".repeat(63))) {
            assertEquals(good, String.valueOf(Name.parse(good)));
            assertEquals(Name.parse(good), Subject.parse(good));
        }
        assertEquals(new Role(new Name("ceo"), new Name("shop")), Subject.parse("ceo@shop"));
        for (String bad : List.of("@shop", "ceo@", "a@b@c", "Ceo@shop", "@")) {
            assertNull(Subject.parse(bad), bad);
        }
        assertNotEquals(Entry.placeOf(new Name("a")), Entry.placeOf(new Name("b")));
    }

    @Test
    void amountsAreReadAsTheyAreWritten() {
        for (long grains : List.of(0L, 1L, 999_999L, 1_000_000L, 12_500_000L, Coins.GRAINS_MAX)) {
            assertEquals(grains, Coins.parse(Coins.text(grains)));
        }
        assertEquals("12.5", Coins.text(12_500_000));
        for (String bad : List.of("", ".", "1.", ".5", "-1", "1e3", "1.1234567", "2000000000000", "٣")) {
            assertThrows(IllegalArgumentException.class, () -> Coins.parse(bad), bad);
        }
    }

    /// Goal: a snapshot of which an entry is missing, changed or out of order restores nothing.
    // = docs/spec/12-ledger.md R12.27
    @Test
    void aDamagedSnapshotRestoresNothing() {
        try (Actors actors = new Actors(6, 30)) {
            Chain chain = new Chain(actors, actors.genesis(Parameters.STANDARD, 20, 1_000_000));
            chain.block(1);
            Iterator<byte[]> chunks = Snapshot.chunks(chain.ledger);
            byte[] first = chunks.next();
            byte[] second = chunks.next();
            assertEquals(chain.ledger.checkpoint(), restored(first, second).checkpoint());
            assertInstanceOf(Decoded.Malformed.class, begun(first).finish());
            assertInstanceOf(Decoded.Malformed.class, begun(first).add(Arrays.copyOf(second, second.length - 1)));
            byte[] swapped = second.clone();
            swapped[2] ^= (byte) 0x80;
            assertInstanceOf(Decoded.Malformed.class, begun(first).add(swapped));
            byte[] changed = second.clone();
            changed[changed.length - 9] ^= 1;
            Snapshot.Restoring restoring = begun(first);
            assertInstanceOf(Decoded.Value.class, restoring.add(changed));
            assertInstanceOf(Decoded.Malformed.class, restoring.finish());
        }
    }

    private static Snapshot.Restoring begun(byte[] first) {
        return switch (Snapshot.Restoring.begin(first)) {
            case Decoded.Value<Snapshot.Restoring>(Snapshot.Restoring value) -> value;
            case Decoded.Malformed<Snapshot.Restoring>(String reason) -> throw new AssertionError(reason);
        };
    }

    private static Ledger restored(byte[] first, byte[] second) {
        Snapshot.Restoring restoring = begun(first);
        assertInstanceOf(Decoded.Value.class, restoring.add(second));
        return switch (restoring.finish()) {
            case Decoded.Value<Ledger>(Ledger value) -> value;
            case Decoded.Malformed<Ledger>(String reason) -> throw new AssertionError(reason);
        };
    }
}
