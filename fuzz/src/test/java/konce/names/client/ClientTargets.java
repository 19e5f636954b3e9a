package konce.names.client;

import java.util.List;
import konce.fuzz.Target;
import konce.names.binding.ServerBinding;
import konce.names.history.HistoryPeaks;
import konce.names.history.HistoryProof;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.names.trie.TrieProof;

/// What a client of the ledger reads, and what a registry reads of a client.
public final class ClientTargets {
    private ClientTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(
                Target.whole("answer", Answer::decode, Answer::encode),
                Target.whole("query", Query::decode, Query::encode),
                Target.part("proof", Proof::read, Proof::write),
                Target.whole("client-record", ClientRecord::decode, ClientRecord::encode),
                Target.whole("binding", ServerBinding::decode, ServerBinding::encode),
                Target.whole("trie-proof", TrieProof::decode, TrieProof::encode),
                Target.whole("history-proof", HistoryProof::decode, HistoryProof::encode),
                Target.part("history-peaks", HistoryPeaks::read, HistoryPeaks::write),
                Target.whole("registry-request", RegistryRequest::decode, RegistryRequest::encode),
                Target.whole("registry-reply", RegistryReply::decode, RegistryReply::encode));
    }
}
