/// Addresses, petnames and resolvers; the ledger, its proofs and who checks them: sans-IO too.
@org.jspecify.annotations.NullMarked
module konce.names {
    requires static org.jspecify;
    requires transitive konce.crypto;
    requires transitive konce.protocol;

    exports konce.names;
    exports konce.names.binding;
    exports konce.names.checkpoint;
    exports konce.names.client;
    exports konce.names.encoding;
    exports konce.names.history;
    exports konce.names.ledger;
    exports konce.names.registry;
    exports konce.names.trie;
}
