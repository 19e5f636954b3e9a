/// What a node keeps on disk: a table of known peers, in SQLite or wherever a JDBC URL leads.
@org.jspecify.annotations.NullMarked
module konce.store {
    requires static transitive org.jspecify;
    requires java.sql;
    requires transitive konce.crypto;
    requires transitive konce.node;

    exports konce.store;

    provides konce.node.PeerDatabase.Opener with
            konce.store.SqlPeerDatabaseOpener;
}
