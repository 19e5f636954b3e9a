package konce.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import konce.protocol.Address;
import konce.protocol.Limits;

/// Where to listen, as people write it: `192.0.2.7:413`, `[::1]:413`, `:413`, `localhost:0`.
final class ListenAddress {
    /// The port a server listens on where it may.
    static final int DEFAULT_PORT = 413;

    private ListenAddress() {}

    /// Reads one.
    ///
    /// @param host used where the text names none
    static InetSocketAddress parse(String text, InetAddress host) {
        try {
            int colon = text.lastIndexOf(':');
            String name = colon < 0 ? "" : text.substring(0, colon);
            int port = Integer.parseInt(text.substring(colon + 1));
            return switch (name) {
                case "" -> new InetSocketAddress(host, port);
                case "localhost" -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
                case "*" -> new InetSocketAddress(port);
                default -> {
                    Address address = Address.parse(text);
                    yield new InetSocketAddress(InetAddress.getByAddress(address.ipBytes()), address.port());
                }
            };
        } catch (IllegalArgumentException | IOException e) {
            throw CommandException.mistake("'" + Terminal.harmless(text)
                    + "' is no place to listen: write IP:PORT, [IP]:PORT, or :PORT for every address of this machine");
        }
    }

    /// The addresses under which others may reach a socket bound here: of a wildcard, those of the machine's
    /// interfaces
    /// that are up, and the loopback's where there are no others.
    static List<Address> reachable(InetSocketAddress bound) throws IOException {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return List.of(Address.of(bound.getAddress().getAddress(), bound.getPort()));
        }
        boolean ipv4Only = bound.getAddress().getAddress().length == 4;
        List<Address> found = new ArrayList<>();
        for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (one.isUp() && !one.isLoopback()) {
                for (InetAddress ip : Collections.list(one.getInetAddresses())) {
                    boolean usable = !ip.isLinkLocalAddress() && !ip.isMulticastAddress();
                    if (usable && (!ipv4Only || ip.getAddress().length == 4)) {
                        found.add(Address.of(ip.getAddress(), bound.getPort()));
                    }
                }
            }
        }
        if (found.isEmpty()) {
            found.add(Address.of(new byte[] {127, 0, 0, 1}, bound.getPort()));
        }
        return found.stream().distinct().limit(Limits.ADDRESSES_PER_PEER_MAX).toList();
    }
}
