package konce.names.client;

import java.util.List;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.WitnessKeys;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.ledger.Genesis;
import konce.names.ledger.Parameters;
import konce.names.ledger.Subject;
import org.jspecify.annotations.Nullable;

/// Judges answers. A value: judging gives a verdict with the client to go on with.
///
/// - threads: any may read one; whoever has several verdicts at once goes on with the one whose checkpoint is newest
/// - error: never throws for an answer, however odd
/// - source: docs/spec/15-light-client.md
public final class LightClient {
    final ClientRecord record;
    final WitnessKeys witnesses;
    final Parameters parameters;
    final long ageSecondsMax;

    /// How old signatures may be, where nothing else was said: an hour.
    public static final long AGE_SECONDS_MAX = 3_600;

    /// How far ahead of this machine's clock a quorum may be.
    public static final long AHEAD_SECONDS_MAX = 300;

    private LightClient(ClientRecord record, WitnessKeys witnesses, Parameters parameters, long ageSecondsMax) {
        this.record = record;
        this.witnesses = witnesses;
        this.parameters = parameters;
        this.ageSecondsMax = ageSecondsMax;
    }

    /// A client that has believed nothing yet.
    public static LightClient start(Genesis genesis, long ageSecondsMax) {
        LightClient client = of(genesis, ClientRecord.start(genesis), ageSecondsMax);
        if (client == null) {
            throw new IllegalArgumentException("the genesis names witnesses whose keys are none");
        }
        return client;
    }

    /// A client that goes on from what it has stored, or null when the record is of another ledger or its keys are
    /// none: it was damaged.
    public static @Nullable LightClient of(Genesis genesis, ClientRecord record, long ageSecondsMax) {
        WitnessKeys keys = WitnessKeys.of(record.witnesses());
        return keys == null || !record.genesis().equals(genesis.id())
                ? null
                : new LightClient(record, keys, genesis.parameters(), ageSecondsMax);
    }

    LightClient with(ClientRecord next, WitnessKeys keys) {
        return new LightClient(next, keys, parameters, ageSecondsMax);
    }

    /// What to remember.
    public ClientRecord record() {
        return record;
    }

    /// The ledger.
    public Hash genesis() {
        return record.genesis();
    }

    /// What to ask.
    public Query query(Subject subject) {
        return new Query(subject, record.witnesses().number(), record.newest());
    }

    /// Judges bytes that came as an answer.
    ///
    /// @param subject what was asked, as the user wrote it: its place in the ledger is computed from that
    /// @param nowSeconds what o'clock it is here, in seconds of Unix time
    public Verdict resolve(Subject subject, byte[] answer, long nowSeconds) {
        // = docs/spec/15-light-client.md R15.3
        return switch (Answer.decode(answer)) {
            case Decoded.Value<Answer>(Answer value) -> resolve(subject, value, nowSeconds);
            case Decoded.Malformed<Answer>(String reason) ->
                new Verdict(this, new Verdict.Refused(Reason.MALFORMED, reason, null), List.of());
        };
    }

    /// Judges an answer.
    public Verdict resolve(Subject subject, Answer answer, long nowSeconds) {
        return new Judgement(this, nowSeconds).resolve(subject, answer);
    }

    /// Judges a binding that came without an answer, as from the server itself or a friend, against facts that are
    /// known.
    public Verdict bind(Subject subject, Verdict.Facts facts, @Nullable ServerBinding binding, long nowSeconds) {
        return new Judgement(this, nowSeconds).bind(subject, facts, binding);
    }
}
