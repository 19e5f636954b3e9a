package konce.names.ledger;

import java.util.List;
import konce.fuzz.Target;
import konce.names.encoding.Decoded;

/// What is read of the ledger: transactions, blocks, entries of the state, snapshots, and texts that people write.
public final class LedgerTargets {
    private LedgerTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(
                Target.whole("transaction", SignedTransaction::decode, SignedTransaction::encode),
                Target.part("transaction-body", Transactions::read, Transactions::write),
                Target.whole("block", Block::decode, Block::encode),
                Target.part("block-header", Block.Header::read, Block.Header::write),
                Target.whole("genesis", Genesis::decode, Genesis::encode),
                Target.part("parameters", Parameters::read, Parameters::write),
                Target.whole("entry", Entry::decode, Entry::encode),
                Target.part("account", Account::read, LedgerTargets::afterKind),
                Target.part("name-record", NameRecord::read, LedgerTargets::afterKind),
                Target.part("role-record", RoleRecord::read, LedgerTargets::afterKind),
                Target.part("totals", Totals::read, LedgerTargets::afterKind),
                Target.part("pending", Pending::read, Pending::write),
                Target.part("name", Name::read, Name::write),
                Target.part("subject", Subject::read, Subject::write),
                Target.text("name-text", Name::parse, Name::toString, RuntimeException.class),
                Target.text("subject-text", Subject::parse, Subject::toString, RuntimeException.class),
                Target.text("coins-text", Coins::parse, Coins::text, IllegalArgumentException.class),
                new Target("snapshot", LedgerTargets::snapshot));
    }

    /// An entry is read after its kind and written with it.
    private static void afterKind(Entry entry, konce.names.encoding.ByteWriter out) {
        byte[] bytes = entry.encode();
        out.raw(java.util.Arrays.copyOfRange(bytes, 1, bytes.length));
    }

    /// A snapshot of one chunk, or of two: the second begins after the first zero length.
    private static void snapshot(byte[] input) {
        int cut = input.length == 0 ? 0 : (input[0] & 0xFF) * input.length / 256;
        byte[] first = java.util.Arrays.copyOfRange(
                input, Math.min(1, input.length), Math.max(cut, Math.min(1, input.length)));
        byte[] second = java.util.Arrays.copyOfRange(input, Math.max(cut, Math.min(1, input.length)), input.length);
        if (Snapshot.Restoring.begin(first) instanceof Decoded.Value<Snapshot.Restoring>(var restoring)
                && restoring.add(second) instanceof Decoded.Value<Snapshot.Restoring>(var more)
                && more.finish() instanceof Decoded.Value<Ledger>(Ledger ledger)) {
            Target.checkSame(first, Snapshot.chunks(ledger).next());
        }
    }
}
