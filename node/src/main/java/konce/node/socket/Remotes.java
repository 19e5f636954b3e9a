package konce.node.socket;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// Translates between the protocol's addresses and the socket's, and remembers the last ones seen, so that a peer's
/// datagrams cost no new object each.
///
/// What Netty says of a sender is read and never kept: so the compiler need not make those objects at all.
///
/// - shape: two direct-mapped tables of [#ENTRIES]; a collision replaces. A flood of spoofed sources costs garbage,
///   never memory.
/// - threads: the loop's
final class Remotes {
    /// Entries of each table.
    static final int ENTRIES = 4_096;

    /// @param ipv4 the address as a number; 0 for IPv6
    /// @param ipv6 for IPv6; null for IPv4
    private record Seen(int ipv4, @Nullable InetAddress ipv6, int port, Address address) {}

    private record Entry(InetSocketAddress socketAddress, Address address) {}

    private final @Nullable Seen[] bySocketAddress = new @Nullable Seen[ENTRIES];
    private final @Nullable Entry[] byAddress = new @Nullable Entry[ENTRIES];

    /// The protocol's form. An IPv4-mapped IPv6 address and its IPv4 form are the same.
    Address address(InetSocketAddress socketAddress) {
        InetAddress ip = socketAddress.getAddress();
        int port = socketAddress.getPort();
        // = java.net.Inet4Address.hashCode: the address itself
        int number = ip.hashCode();
        int index = slot(number + port);
        Seen seen = bySocketAddress[index];
        if (seen != null && seen.port == port) {
            InetAddress ipv6 = seen.ipv6;
            if (ipv6 == null ? ip instanceof Inet4Address && seen.ipv4 == number : ipv6.equals(ip)) {
                return seen.address;
            }
        }
        return remember(index, ip, number, port);
    }

    private Address remember(int index, InetAddress ip, int number, int port) {
        byte[] bytes = ip.getAddress();
        Address address = Address.of(bytes, port);
        bySocketAddress[index] = ip instanceof Inet4Address
                ? new Seen(number, null, port, address)
                : new Seen(0, inetAddressOf(bytes), port, address);
        return address;
    }

    /// The socket's form.
    InetSocketAddress socketAddress(Address address) {
        int index = slot(address.hashCode());
        Entry entry = byAddress[index];
        if (entry == null || !entry.address.equals(address)) {
            entry = new Entry(socketAddressOf(address), address);
            byAddress[index] = entry;
        }
        return entry.socketAddress;
    }

    static InetSocketAddress socketAddressOf(Address address) {
        return new InetSocketAddress(inetAddressOf(address.ipBytes()), address.port());
    }

    private static InetAddress inetAddressOf(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    private static int slot(int hash) {
        return ((hash * 0x9E37_79B9) >>> 16) & (ENTRIES - 1);
    }
}
