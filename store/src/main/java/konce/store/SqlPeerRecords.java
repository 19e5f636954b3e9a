package konce.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import konce.crypto.PublicKey;
import konce.node.PeerDatabase;
import konce.node.PeerRecords;
import org.jspecify.annotations.Nullable;

/// Records of known peers in a table of a database: SQLite's file, or what any other JDBC URL leads to, such as
/// `jdbc:postgresql://host/database` with its driver beside it. A key and the application's bytes; no secrets, no
/// addresses, so that a stolen copy tells who was here and opens nothing.
///
/// - shape: table `peer_record`, a key of 32 bytes and a record each; table `known_peer`, a key of 32 bytes each, when
/// it
///   was met first and last, how often, and whether it is active: 1 yes, 0 no, -1 it is to be forgotten
/// - threads: any, one at a time on one connection
/// - error: [IllegalStateException] with the database's own reason
/// - source: docs/spec/08-presence.md, section 4
public final class SqlPeerRecords implements PeerDatabase {
    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS peer_record (peer %1$s PRIMARY KEY, record %1$s NOT NULL)";
    private static final String KNOWN =
            "CREATE TABLE IF NOT EXISTS known_peer (peer %1$s PRIMARY KEY, first_met BIGINT NOT NULL,"
                    + " last_met BIGINT NOT NULL, meetings BIGINT NOT NULL, active INTEGER NOT NULL)";
    private static final String NOBODY_IS_ACTIVE = "UPDATE known_peer SET active = 0 WHERE active = 1";
    private static final String KEPT = "INSERT INTO known_peer (peer, first_met, last_met, meetings, active)"
            + " VALUES (?, ?, ?, 1, 1) ON CONFLICT (peer) DO UPDATE SET last_met = excluded.last_met,"
            + " meetings = known_peer.meetings + 1, active = 1";
    private static final String FALLEN = "UPDATE known_peer SET last_met = ?, active = 0 WHERE peer = ? AND active = 1";
    private static final String LIST = "SELECT k.peer, k.first_met, k.last_met, k.meetings, k.active,"
            + " LENGTH(r.record) FROM known_peer k LEFT JOIN peer_record r ON r.peer = k.peer"
            + " WHERE k.active >= 0 ORDER BY k.last_met DESC, k.peer LIMIT ?";
    private static final String WISH = "UPDATE known_peer SET active = -1 WHERE peer = ? AND active = 1";
    private static final String FORGET = "DELETE FROM known_peer WHERE peer = ? AND active = 0";
    private static final String WISHES = "SELECT peer FROM known_peer WHERE active = -1 LIMIT 1000";
    private static final String WISH_DONE = "DELETE FROM known_peer WHERE peer = ? AND active = -1";
    private static final String FIND = "SELECT record FROM peer_record WHERE peer = ?";
    private static final String PUT = "INSERT INTO peer_record (peer, record) VALUES (?, ?)"
            + " ON CONFLICT (peer) DO UPDATE SET record = excluded.record";
    private static final String REMOVE = "DELETE FROM peer_record WHERE peer = ?";
    private static final String COUNT = "SELECT COUNT(*) FROM peer_record";

    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;
    private final InstantSource clock;
    private final PreparedStatement find;
    private final PreparedStatement put;
    private final PreparedStatement remove;

    private SqlPeerRecords(Connection connection, boolean sqlite, InstantSource clock) throws SQLException {
        this.connection = connection;
        this.clock = clock;
        try (Statement statement = connection.createStatement()) {
            if (sqlite) {
                // written before it is acknowledged, and readers never wait for it
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
            }
            String bytes = sqlite ? "BLOB" : "BYTEA";
            statement.execute(TABLE.formatted(bytes));
            statement.execute(KNOWN.formatted(bytes));
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
        return open(url, InstantSource.system());
    }

    /// The same by a clock of the caller's.
    static SqlPeerRecords open(String url, InstantSource clock) {
        try {
            return new SqlPeerRecords(DriverManager.getConnection(url), url.startsWith("jdbc:sqlite:"), clock);
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

    @Override
    public void begin() {
        change(NOBODY_IS_ACTIVE, List.of());
    }

    @Override
    public void onPresence(PublicKey peer, boolean isKept) {
        long now = clock.millis();
        change(isKept ? KEPT : FALLEN, isKept ? List.of(peer.toBytes(), now, now) : List.of(now, peer.toBytes()));
    }

    @Override
    public List<Known> known(int most) {
        lock.lock();
        try (PreparedStatement list = connection.prepareStatement(LIST)) {
            list.setInt(1, most);
            List<Known> known = new ArrayList<>();
            try (ResultSet rows = list.executeQuery()) {
                while (rows.next()) {
                    PublicKey peer = PublicKey.decode(rows.getBytes(1));
                    if (peer != null) {
                        known.add(new Known(
                                peer,
                                rows.getLong(2),
                                rows.getLong(3),
                                rows.getLong(4),
                                rows.getInt(5) == 1,
                                rows.getInt(6)));
                    }
                }
            }
            return known;
        } catch (SQLException e) {
            throw failed("list", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean forget(PublicKey peer) {
        List<Object> key = List.of(peer.toBytes());
        put(peer, null);
        return change(WISH, key) + change(FORGET, key) > 0;
    }

    @Override
    public List<PublicKey> pollForgotten() {
        List<PublicKey> wished = new ArrayList<>();
        lock.lock();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(WISHES)) {
            while (rows.next()) {
                PublicKey peer = PublicKey.decode(rows.getBytes(1));
                if (peer != null) {
                    wished.add(peer);
                }
            }
        } catch (SQLException e) {
            throw failed("read", e);
        } finally {
            lock.unlock();
        }
        wished.forEach(peer -> change(WISH_DONE, List.of(peer.toBytes())));
        return wished;
    }

    private int change(String sql, List<Object> values) {
        lock.lock();
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.size(); i++) {
                switch (values.get(i)) {
                    case byte[] bytes -> change.setBytes(i + 1, bytes);
                    case Long number -> change.setLong(i + 1, number);
                    default -> throw new IllegalArgumentException("neither bytes nor a number: " + values.get(i));
                }
            }
            return change.executeUpdate();
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
