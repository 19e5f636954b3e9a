package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Hashing;
import konce.names.encoding.MalformedException;

/// Sums over everything.
///
/// @param grains in all accounts together
/// @param burnedGrains fees and rent so far; with `grains` what the genesis gave out
/// @param names that were ever registered
/// @param accounts there are
public record Totals(long grains, long burnedGrains, long names, long accounts) implements Entry {
    /// Where they are in the trie.
    public static final Hash PLACE = Hashing.hash("konce state totals 1", new byte[0]);

    Totals burning(long more) {
        return new Totals(grains - more, burnedGrains + more, names, accounts);
    }

    Totals withOneMoreName() {
        return new Totals(grains, burnedGrains, names + 1, accounts);
    }

    Totals withOneMoreAccount() {
        return new Totals(grains, burnedGrains, names, accounts + 1);
    }

    @Override
    public Hash place() {
        return PLACE;
    }

    @Override
    public void write(ByteWriter out) {
        out.u8(TOTALS).u63(grains).u63(burnedGrains).u63(names).u63(accounts);
    }

    static Totals read(ByteReader in) throws MalformedException {
        return new Totals(in.u63(Coins.GRAINS_MAX, "grains"), in.u63(Coins.GRAINS_MAX, "grains"), in.u63(), in.u63());
    }
}
