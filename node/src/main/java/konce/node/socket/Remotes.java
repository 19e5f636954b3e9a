package konce.node.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// Translates between the protocol's addresses and the socket's, and remembers the last ones seen, so that a peer's
/// datagrams cost no new object each.
///
/// - shape: two direct-mapped tables of [#ENTRIES]; a collision replaces. A flood of spoofed sources costs garbage,
///   never memory.
/// - threads: the loop's
final class Remotes {
    /// Entries of each table.
    static final int ENTRIES = 4_096;

    private record Entry(InetSocketAddress socketAddress, Address address) {}

    private final @Nullable Entry[] bySocketAddress = new @Nullable Entry[ENTRIES];
    private final @Nullable Entry[] byAddress = new @Nullable Entry[ENTRIES];

    /// The protocol's form. An IPv4-mapped IPv6 address and its IPv4 form are the same.
    Address address(InetSocketAddress socketAddress) {
        int index = slot(socketAddress.hashCode());
        Entry entry = bySocketAddress[index];
        if (entry == null || !entry.socketAddress.equals(socketAddress)) {
            entry = new Entry(
                    socketAddress, Address.of(socketAddress.getAddress().getAddress(), socketAddress.getPort()));
            bySocketAddress[index] = entry;
        }
        return entry.address;
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
        try {
            return new InetSocketAddress(InetAddress.getByAddress(address.ipBytes()), address.port());
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    private static int slot(int hash) {
        return ((hash * 0x9E37_79B9) >>> 16) & (ENTRIES - 1);
    }
}
