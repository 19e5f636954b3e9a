package konce.bench.peer;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// A transport that takes part. Server and client are made in processes of their own.
public interface Contestant {
    /// As it is typed: `netty-quic`.
    String name();

    /// As it is shown: `Netty QUIC (quiche), 1,440-byte packets`.
    String title();

    /// How it is tuned, and who advises it.
    List<String> tuning();

    /// What it takes part in; the methods for the rest are never called.
    Set<Discipline> disciplines();

    /// Environment variables of its processes.
    default Map<String, String> environment() {
        return Map.of();
    }

    /// Whether it runs over TCP; else over UDP.
    boolean overTcp();

    /// Whether its server can be guarded: by a puzzle, or by a proof that the client has its address.
    boolean canBeGuarded();

    /// Starts the server side. It serves until its process ends.
    ///
    /// @return its address for clients, without spaces; it ends with a port of the loopback interface
    String listen(Setting setting) throws Exception;

    /// A client with a connection to move bytes over.
    default Bulk bulk(String address, Setting setting) throws Exception {
        throw new UnsupportedOperationException(name() + " moves no bulk");
    }

    /// A client with a connection to send requests over.
    default Requests requests(String address, Setting setting) throws Exception {
        throw new UnsupportedOperationException(name() + " sends no requests");
    }

    /// A client that makes new connections.
    default Connections connections(String address, Setting setting) throws Exception {
        throw new UnsupportedOperationException(name() + " makes no connections");
    }

    /// The packet path alone, both sides in this process.
    default Garbage garbage() {
        throw new UnsupportedOperationException(name() + " has no packet path of its own");
    }
}
