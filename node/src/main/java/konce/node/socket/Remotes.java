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
        // = java.net.Inet4Address.hashCode: the address itself
        return ip instanceof Inet4Address
                ? ofIpv4(ip.hashCode(), socketAddress.getPort())
                : ofIpv6(ip, socketAddress.getPort());
    }

    /// By its number alone: the object is nowhere needed.
    private Address ofIpv4(int number, int port) {
        int index = slot(number + port);
        Seen seen = bySocketAddress[index];
        if (seen == null || seen.ipv6 != null || seen.ipv4 != number || seen.port != port) {
            byte[] bytes = {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
            seen = new Seen(number, null, port, Address.of(bytes, port));
            bySocketAddress[index] = seen;
        }
        return seen.address;
    }

    private Address ofIpv6(InetAddress ip, int port) {
        int index = slot(ip.hashCode() + port);
        Seen seen = bySocketAddress[index];
        if (seen == null || seen.port != port || !ip.equals(seen.ipv6)) {
            byte[] bytes = ip.getAddress();
            seen = new Seen(0, inetAddressOf(bytes), port, Address.of(bytes, port));
            bySocketAddress[index] = seen;
        }
        return seen.address;
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
