package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// What waits for its time with a name. Nobody has to come back for it: once a block's time has reached it, it holds.
///
/// - source: docs/spec/12-ledger.md, section 7
public sealed interface Pending {
    /// Nothing waits.
    enum None implements Pending {
        NONE
    }

    /// Another owner, from `atSeconds` on.
    record Transfer(Key master, @Nullable Key recovery, long atSeconds) implements Pending {}

    /// For sale, from `fromSeconds` to `untilSeconds`.
    record Offer(long grains, Key payee, long fromSeconds, long untilSeconds) implements Pending {}

    /// Another master key for the same owner, from `atSeconds` on.
    record Recovery(Key master, long atSeconds) implements Pending {}

    /// Another recovery key, or none, from `atSeconds` on.
    record RecoveryChange(@Nullable Key recovery, long atSeconds) implements Pending {}

    /// The kinds, in the byte that an encoding begins with.
    int KIND_NONE = 0;

    int KIND_TRANSFER = 1;

    int KIND_OFFER = 2;

    int KIND_RECOVERY = 3;

    int KIND_RECOVERY_CHANGE = 4;

    static void write(Pending pending, ByteWriter out) {
        switch (pending) {
            case None _ -> out.u8(KIND_NONE);
            case Transfer(Key master, Key recovery, long at) ->
                out.u8(KIND_TRANSFER).key(master).optionalKey(recovery).u63(at);
            case Offer offer ->
                out.u8(KIND_OFFER)
                        .u63(offer.grains)
                        .key(offer.payee)
                        .u63(offer.fromSeconds)
                        .u63(offer.untilSeconds);
            case Recovery(Key master, long at) ->
                out.u8(KIND_RECOVERY).key(master).u63(at);
            case RecoveryChange(Key recovery, long at) ->
                out.u8(KIND_RECOVERY_CHANGE).optionalKey(recovery).u63(at);
        }
    }

    static Pending read(ByteReader in) throws MalformedException {
        return switch (in.u8(KIND_NONE, KIND_RECOVERY_CHANGE, "kind of waiting")) {
            case KIND_NONE -> None.NONE;
            case KIND_TRANSFER -> new Transfer(in.key(), in.optionalKey(), in.u63());
            case KIND_OFFER -> new Offer(in.u63(Coins.GRAINS_MAX, "grains"), in.key(), in.u63(), in.u63());
            case KIND_RECOVERY -> new Recovery(in.key(), in.u63());
            default -> new RecoveryChange(in.optionalKey(), in.u63());
        };
    }
}
