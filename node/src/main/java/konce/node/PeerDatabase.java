package konce.node;

import java.util.List;
import java.util.ServiceLoader;
import konce.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/// Who is known, on disk: a key for each peer that was ever kept between channels, when it was met, and the
/// application's record. No secrets and no addresses: whoever comes back is met by a handshake.
///
/// It is found by [ServiceLoader], for it brings a database's driver that not every program wants.
///
/// - threads: any
/// - error: [IllegalStateException] with the database's own reason
public interface PeerDatabase extends PeerRecords, AutoCloseable {
    /// Opens databases.
    interface Opener {
        /// @param url a JDBC URL, or a file for SQLite
        PeerDatabase connect(String url);
    }

    /// A peer that is known.
    ///
    /// @param firstMillis when it was met first, in milliseconds since 1970
    /// @param lastMillis when it was kept or fell last
    /// @param meetings handshakes it was kept after
    /// @param isActive whether a running node keeps it: a message needs no handshake
    /// @param recordBytes of the application's record; 0: there is none
    record Known(PublicKey peer, long firstMillis, long lastMillis, long meetings, boolean isActive, int recordBytes) {}

    /// A node begins to keep its peers here: whom the one before had active is so no more.
    void begin();

    /// Those that were met last come first.
    ///
    /// @param most how many
    List<Known> known(int most);

    /// Forgets a peer, its record too. Where it is active the node that has it open does so as well, soon.
    ///
    /// @return whether it was known
    boolean forget(PublicKey peer);

    /// Those to be forgotten that are still active; each once.
    List<PublicKey> pollForgotten();

    @Override
    void close();

    /// The database there is; null: none is in this build.
    static @Nullable PeerDatabase connect(String url) {
        return ServiceLoader.load(Opener.class)
                .findFirst()
                .map(opener -> opener.connect(url))
                .orElse(null);
    }
}
