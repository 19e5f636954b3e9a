package konce.store;

import konce.node.PeerDatabase;

/// Opens tables of known peers for whoever looks for a database.
public final class SqlPeerDatabaseOpener implements PeerDatabase.Opener {
    private static final String JDBC = "jdbc:";

    public SqlPeerDatabaseOpener() {}

    @Override
    public PeerDatabase connect(String url) {
        return SqlPeerRecords.open(url.startsWith(JDBC) ? url : JDBC + "sqlite:" + url);
    }
}
