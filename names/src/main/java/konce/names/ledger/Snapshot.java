package konce.names.ledger;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.MalformedException;
import konce.names.history.HistoryPeaks;
import konce.names.trie.Trie;

/// A ledger written down, piece by piece, so that it starts without its blocks.
///
/// - shape: the first chunk is the genesis, the head and the peaks of the history; each further one is up to
///   [#ENTRIES_PER_CHUNK_MAX] places and entries, in the order of places. The caller keeps chunks apart and whole.
/// - trust: a snapshot is complete when its state gives the root its head names; that the head is right, the caller
///   knows from a checkpoint, or from having written it
public final class Snapshot {
    /// Entries in a chunk.
    public static final int ENTRIES_PER_CHUNK_MAX = 1_024;

    /// Bytes of the longest chunk.
    public static final int CHUNK_BYTES_MAX = Math.max(
            Genesis.BYTES_MAX + Block.Header.BYTES + 8 + 64 * Hash.BYTES + 8,
            2 + ENTRIES_PER_CHUNK_MAX * (Hash.BYTES + 2 + Entry.BYTES_MAX));

    private Snapshot() {}

    /// The chunks, made as they are asked for.
    public static Iterator<byte[]> chunks(Ledger ledger) {
        Iterator<Trie.Entry> entries = ledger.trie().iterator();
        return new Iterator<>() {
            private boolean begun;

            @Override
            public boolean hasNext() {
                return !begun || entries.hasNext();
            }

            @Override
            public byte[] next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                byte[] chunk = begun ? entriesChunk(entries) : firstChunk(ledger);
                begun = true;
                return chunk;
            }
        };
    }

    private static byte[] firstChunk(Ledger ledger) {
        ByteWriter out = new ByteWriter();
        out.raw(ledger.genesis().encode());
        ledger.head().write(out);
        ledger.history().write(out);
        return out.u63(ledger.trie().size()).toBytes();
    }

    private static byte[] entriesChunk(Iterator<Trie.Entry> entries) {
        List<Trie.Entry> next = new ArrayList<>();
        while (next.size() < ENTRIES_PER_CHUNK_MAX && entries.hasNext()) {
            next.add(entries.next());
        }
        return new ByteWriter()
                .list16(next, (entry, out) -> out.hash(entry.key()).raw16(entry.value()))
                .toBytes();
    }

    /// Puts a ledger together again.
    public static final class Restoring {
        private final Genesis genesis;
        private final Block.Header head;
        private final HistoryPeaks history;
        private final long size;
        private final List<Trie.Entry> entries = new ArrayList<>();

        private Restoring(Genesis genesis, Block.Header head, HistoryPeaks history, long size) {
            this.genesis = genesis;
            this.head = head;
            this.history = history;
            this.size = size;
        }

        /// Begins with the first chunk.
        public static Decoded<Restoring> begin(byte[] first) {
            return Decoded.of(
                    first,
                    CHUNK_BYTES_MAX,
                    in -> new Restoring(Genesis.read(in), Block.Header.read(in), HistoryPeaks.read(in), in.u63()));
        }

        /// How many entries are still to come.
        public long missing() {
            return size - entries.size();
        }

        /// Takes the next chunk; the value is this.
        public Decoded<Restoring> add(byte[] chunk) {
            return Decoded.of(chunk, CHUNK_BYTES_MAX, in -> {
                List<Trie.Entry> next = in.list16(ENTRIES_PER_CHUNK_MAX, "entries", Restoring::entry);
                in.check(next.size() <= missing(), "more entries than the snapshot has");
                for (Trie.Entry entry : next) {
                    in.check(
                            entries.isEmpty() || entries.getLast().key().compareTo(entry.key()) < 0,
                            "entries out of order");
                    entries.add(entry);
                }
                return this;
            });
        }

        private static Trie.Entry entry(ByteReader in) throws MalformedException {
            return new Trie.Entry(in.hash(), in.raw16(Entry.BYTES_MAX, "entry"));
        }

        /// The ledger, once every chunk is there.
        public Decoded<Ledger> finish() {
            if (missing() > 0) {
                return new Decoded.Malformed<>(missing() + " entries are missing");
            }
            // = docs/spec/12-ledger.md R12.27
            Trie trie = Trie.ofSorted(entries);
            if (!trie.root().equals(head.stateRoot())) {
                return new Decoded.Malformed<>("the entries give another root than the head names");
            }
            if (history.size() != head.height() + 1) {
                return new Decoded.Malformed<>("the history is not as long as the head says");
            }
            return new Decoded.Value<>(Ledger.restored(genesis, trie, history, head));
        }
    }
}
