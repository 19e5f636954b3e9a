package konce.registry;

import java.util.List;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.client.Answer;
import konce.names.client.Query;
import konce.names.encoding.Hash;
import konce.names.history.HistoryProof;
import konce.names.ledger.Ledger;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryReply.Problem;
import konce.names.trie.TrieProof;
import org.jspecify.annotations.Nullable;

/// Proofs against the newest checkpoint that a quorum has signed: whoever asks need not trust us.
///
/// - threads: any
///
/// @param registry whose ledger it is
/// @param bindings what is handed out with names
record Proofs(Registry registry, Bindings bindings) {
    private static final RegistryReply NOT_SIGNED_YET = new RegistryReply.Refused(
            Problem.NOT_SIGNED_YET, "no quorum of witnesses has signed anything since this registry was started");

    /// What a light client needs to believe a name.
    RegistryReply resolve(Query query) {
        Countersigning.Signed signed = registry.signed();
        if (signed == null) {
            return NOT_SIGNED_YET;
        }
        SignedCheckpoint checkpoint = signed.checkpoint();
        // = docs/spec/16-registry.md R16.3
        HistoryProof history = registry.chain()
                .consistency(query.blocks(), checkpoint.checkpoint().blocks());
        if (history == null) {
            return new RegistryReply.Refused(
                    Problem.UNKNOWN, "the asker knows more blocks than a quorum has signed here");
        }
        ServerBinding binding = bindings.of(query.subject());
        return new RegistryReply.Resolved(
                Answer.of(signed.ledger(), query.subject(), checkpoint, List.of(), history, binding)
                        .encode());
    }

    /// What is at a place of the state.
    RegistryReply prove(Hash place) {
        Countersigning.Signed signed = registry.signed();
        if (signed == null) {
            return NOT_SIGNED_YET;
        }
        Ledger ledger = signed.ledger();
        byte @Nullable [] entry = ledger.trie().find(place);
        TrieProof path = ledger.trie().prove(place);
        return new RegistryReply.Proven(signed.checkpoint(), entry, path);
    }

    /// The newest signed checkpoint.
    RegistryReply checkpoint() {
        Countersigning.Signed signed = registry.signed();
        return signed == null ? NOT_SIGNED_YET : new RegistryReply.OfCheckpoint(signed.checkpoint());
    }
}
