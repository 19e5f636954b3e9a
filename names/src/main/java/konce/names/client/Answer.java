package konce.names.client;

import java.util.List;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessSetChange;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;
import konce.names.history.HistoryProof;
import konce.names.ledger.Entry;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.Role;
import konce.names.ledger.Subject;
import konce.names.trie.TrieProof;
import org.jspecify.annotations.Nullable;

/// What answers a [Query]: all a client needs to believe it, whoever gave it.
///
/// - shape: checkpoint, changes, history, name, then the role and the binding, each behind a flag
/// - source: docs/spec/15-light-client.md, section 2
///
/// @param changes the witness sets that followed the client's, in order; at most [#CHANGES_MAX]
/// @param history that the checkpoint's history begins with the client's
/// @param name the entry of the name, or that there is none
/// @param role the same of the role; null where a name was asked for
/// @param binding the newest that the answerer knows; null for none
public record Answer(
        SignedCheckpoint checkpoint,
        List<WitnessSetChange> changes,
        HistoryProof history,
        Proof name,
        @Nullable Proof role,
        @Nullable ServerBinding binding) {
    /// Witness sets a client may have missed. One that was away for longer needs a newer set by another way.
    public static final int CHANGES_MAX = 16;

    /// The longest encoding.
    public static final int BYTES_MAX = SignedCheckpoint.BYTES_MAX
            + 2
            + CHANGES_MAX * WitnessSetChange.BYTES_MAX
            + HistoryProof.BYTES_MAX
            + 2 * (4 + Entry.BYTES_MAX + TrieProof.BYTES_MAX)
            + 1
            + ServerBinding.BYTES_MAX;

    public Answer {
        changes = List.copyOf(changes);
        if (changes.size() > CHANGES_MAX) {
            throw new IllegalArgumentException(changes.size() + " changes; at most " + CHANGES_MAX);
        }
    }

    /// What `ledger` has to say of a subject.
    ///
    /// @param checkpoint of this ledger, with the signatures there are
    /// @param history from where the client is to this ledger
    public static Answer of(
            Ledger ledger,
            Subject subject,
            SignedCheckpoint checkpoint,
            List<WitnessSetChange> changes,
            HistoryProof history,
            @Nullable ServerBinding binding) {
        Proof name = Proof.of(ledger.prove(subject.name()));
        Proof role = switch (subject) {
            case Name _ -> null;
            case Role asked -> Proof.of(ledger.prove(asked));
        };
        return new Answer(checkpoint, changes, history, name, role, binding);
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        checkpoint.write(out);
        out.list16(changes, WitnessSetChange::write);
        history.write(out);
        name.write(out);
        out.u8(role == null ? 0 : 1);
        if (role != null) {
            role.write(out);
        }
        out.u8(binding == null ? 0 : 1);
        if (binding != null) {
            binding.write(out);
        }
        return out.toBytes();
    }

    /// The answer that is the whole of `bytes`.
    public static Decoded<Answer> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, Answer::read);
    }

    private static Answer read(ByteReader in) throws MalformedException {
        return new Answer(
                SignedCheckpoint.read(in),
                in.list16(CHANGES_MAX, "changes", WitnessSetChange::read),
                HistoryProof.read(in),
                Proof.read(in),
                in.u8(0, 1, "flag") == 1 ? Proof.read(in) : null,
                in.u8(0, 1, "flag") == 1 ? ServerBinding.read(in) : null);
    }
}
