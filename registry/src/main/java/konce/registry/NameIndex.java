package konce.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import konce.names.ledger.Block;
import konce.names.ledger.Name;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import org.jspecify.annotations.Nullable;

/// Which transactions concern a name, and which names there are. Made from the blocks, and good for looking around
/// only: whoever wants to be sure asks for a proof.
///
/// - memory: about 200 bytes a name, and 8 a transaction
/// - threads: any
final class NameIndex {
    /// Where a transaction stands.
    record Place(long height, int index) {
        private static final int INDEX_BITS = 12; // Block.TRANSACTIONS_MAX is 4096

        long packed() {
            return height << INDEX_BITS | index;
        }

        static Place of(long packed) {
            return new Place(packed >>> INDEX_BITS, (int) (packed & ((1 << INDEX_BITS) - 1)));
        }
    }

    private static final class Places {
        private long[] packed = new long[2];
        private int count;

        void add(long place) {
            if (count == packed.length) {
                packed = java.util.Arrays.copyOf(packed, count * 2);
            }
            packed[count++] = place;
        }
    }

    private final NavigableMap<Name, Places> names = new TreeMap<>();

    /// Takes a block's transactions in.
    synchronized void add(Block block) {
        List<SignedTransaction> transactions = block.transactions();
        for (int i = 0; i < transactions.size(); i++) {
            Name name = nameOf(transactions.get(i).transaction());
            if (name != null) {
                names.computeIfAbsent(name, _ -> new Places())
                        .add(new Place(block.header().height(), i).packed());
            }
        }
    }

    /// The name a transaction is about; null: about none.
    static @Nullable Name nameOf(Transaction transaction) {
        return switch (transaction) {
            case Transaction.TransferCoins _, Transaction.Commit _ -> null;
            case Transaction.Reveal reveal -> reveal.name();
            case Transaction.Renew renew -> renew.name();
            case Transaction.BuyName buy -> buy.name();
            case Transaction.ByName byName -> byName.name();
        };
    }

    /// How many names were ever registered.
    synchronized int size() {
        return names.size();
    }

    /// Up to `count` places of transactions about a name, the newest first, without the newest `skip`.
    synchronized List<Place> history(Name name, int skip, int count) {
        Places places = names.get(name);
        List<Place> found = new ArrayList<>();
        if (places != null) {
            for (int i = places.count - 1 - skip; i >= 0 && found.size() < count; i--) {
                found.add(Place.of(places.packed[i]));
            }
        }
        return found;
    }

    /// Up to `count` names that begin with `prefix`, in their order, from the first after `after` on.
    ///
    /// @param after empty: from the first
    synchronized List<Name> search(String prefix, String after, int count) {
        List<Name> found = new ArrayList<>();
        Name lowest = Name.parse(after.compareTo(prefix) > 0 ? after : prefix);
        for (Name name : (lowest == null ? names : names.tailMap(lowest, true)).keySet()) {
            boolean begins = name.text().startsWith(prefix);
            if (found.size() == count || (!begins && name.text().compareTo(prefix) > 0)) {
                break;
            }
            if (begins && name.text().compareTo(after) > 0) {
                found.add(name);
            }
        }
        return found;
    }
}
