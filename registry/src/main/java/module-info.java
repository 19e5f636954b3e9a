/// The ledger as a service over Konce messages: sequencers, witnesses, and who asks them.
@org.jspecify.annotations.NullMarked
module konce.registry {
    requires static transitive org.jspecify;
    requires transitive konce.crypto;
    requires transitive konce.protocol;
    requires transitive konce.names;
    requires transitive konce.node;
    requires jdk.httpserver;

    exports konce.registry;
    exports konce.registry.store;

    uses konce.registry.SequencerEngine;
}
