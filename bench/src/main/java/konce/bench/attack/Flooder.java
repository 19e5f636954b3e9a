package konce.bench.attack;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Somebody who floods.
interface Flooder {
    /// What came of it.
    ///
    /// @param sent datagrams, or over TCP connections
    /// @param answered of those that wait for an answer
    /// @param nanos it took
    record Flooded(long sent, long answered, long nanos) {}

    /// How much of it.
    ///
    /// @param millis for so long at most
    /// @param count so many at most
    /// @param perSecond no more in a second; 0: as many as go
    /// @param burst datagrams to a send that the kernel takes apart; 1: each is a send
    record Force(long millis, long count, long perSecond, int burst) {}

    Flooded flood(Flood kind, Force force) throws Exception;

    /// @param address as the victim says it
    static InetSocketAddress socketAddress(String address) {
        int at = address.indexOf('@') + 1;
        int colon = address.lastIndexOf(':');
        return new InetSocketAddress(
                InetAddress.ofLiteral(address.substring(at, colon)), Integer.parseInt(address.substring(colon + 1)));
    }
}
