package konce.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import konce.crypto.PublicKey;
import konce.node.PeerRecords;
import org.jspecify.annotations.Nullable;

/// Records of known peers in a table of a database: SQLite's file, or what any other JDBC URL leads to, such as
/// `jdbc:postgresql://host/database` with its driver beside it. A key and the application's bytes; no secrets, no
/// addresses, so that a stolen copy tells who was here and opens nothing.
///
/// - shape: table `peer_record`, a key of 32 bytes and a record each
/// - threads: any, one at a time on one connection
/// - error: [IllegalStateException] with the database's own reason
/// - source: docs/spec/08-presence.md, section 4
public final class SqlPeerRecords implements PeerRecords, AutoCloseable {
    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS peer_record (peer %1$s PRIMARY KEY, record %1$s NOT NULL)";
    private static final String FIND = "SELECT record FROM peer_record WHERE peer = ?";
    private static final String PUT = "INSERT INTO peer_record (peer, record) VALUES (?, ?)"
            + " ON CONFLICT (peer) DO UPDATE SET record = excluded.record";
    private static final String REMOVE = "DELETE FROM peer_record WHERE peer = ?";
    private static final String COUNT = "SELECT COUNT(*) FROM peer_record";

    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;
    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement remove;

    private SqlPeerRecords(Connection connection, boolean sqlite) throws SQLException {
        this.connection = connection;
        try (Statement statement = connection.createStatement()) {
            if (sqlite) {
                // written before it is acknowledged, and readers never wait for it
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
            }
            statement.execute(TABLE.formatted(sqlite ? "BLOB" : "BYTEA"));
        }
        find = connection.prepareStatement(FIND);
        put = connection.prepareStatement(PUT);
        remove = connection.prepareStatement(REMOVE);
    }

    /// Records in a file of SQLite's, made where it is not there.
    public static SqlPeerRecords open(Path file) {
        return open("jdbc:sqlite:" + file);
    }

    /// Records where a JDBC URL leads.
    public static SqlPeerRecords open(String url) {
        try {
            return new SqlPeerRecords(DriverManager.getConnection(url), url.startsWith("jdbc:sqlite:"));
        } catch (SQLException e) {
            throw failed("open", e);
        }
    }

    @Override
    public byte @Nullable [] find(PublicKey peer) {
        lock.lock();
        try {
            find.setBytes(1, peer.toBytes());
            try (ResultSet rows = find.executeQuery()) {
                return rows.next() ? rows.getBytes(1) : null;
            }
        } catch (SQLException e) {
            throw failed("read", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void put(PublicKey peer, byte @Nullable [] record) {
        if (record != null) {
            PeerRecords.check(record);
        }
        lock.lock();
        try {
            PreparedStatement change = record == null ? remove : put;
            change.setBytes(1, peer.toBytes());
            if (record != null) {
                change.setBytes(2, record);
            }
            change.executeUpdate();
        } catch (SQLException e) {
            throw failed("write", e);
        } finally {
            lock.unlock();
        }
    }

    /// How many there are.
    public long count() {
        lock.lock();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(COUNT)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            throw failed("count", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("close", e);
        } finally {
            lock.unlock();
        }
    }

    private static IllegalStateException failed(String what, SQLException cause) {
        return new IllegalStateException("cannot " + what + " the records of peers: " + cause.getMessage(), cause);
    }
}
