package konce.names.checkpoint;

import java.util.ArrayList;
import java.util.List;
import konce.crypto.VerifyingKey;
import konce.names.encoding.Key;
import org.jspecify.annotations.Nullable;

/// A witness set whose keys have been looked at once: decoding a key costs as much as checking a signature.
public final class WitnessKeys {
    private final WitnessSet set;
    private final List<VerifyingKey> sequencers;
    private final List<VerifyingKey> witnesses;

    private WitnessKeys(WitnessSet set, List<VerifyingKey> sequencers, List<VerifyingKey> witnesses) {
        this.set = set;
        this.sequencers = List.copyOf(sequencers);
        this.witnesses = List.copyOf(witnesses);
    }

    /// The keys of `set`, or null when one of them is no key.
    public static @Nullable WitnessKeys of(WitnessSet set) {
        List<VerifyingKey> sequencers = decoded(set.sequencers());
        List<VerifyingKey> witnesses = decoded(set.witnesses());
        return sequencers == null || witnesses == null ? null : new WitnessKeys(set, sequencers, witnesses);
    }

    private static @Nullable List<VerifyingKey> decoded(List<Key> keys) {
        List<VerifyingKey> decoded = new ArrayList<>();
        for (Key key : keys) {
            VerifyingKey verifying = key.verifying();
            if (verifying == null) {
                return null;
            }
            decoded.add(verifying);
        }
        return decoded;
    }

    /// The set.
    public WitnessSet set() {
        return set;
    }

    VerifyingKey sequencer(int index) {
        return sequencers.get(index);
    }

    VerifyingKey witness(int index) {
        return witnesses.get(index);
    }
}
