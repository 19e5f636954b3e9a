package konce.node.socket;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import konce.protocol.Address;
import konce.protocol.Limits;
import konce.protocol.endpoint.LinkLimits;

/// The largest datagrams this machine's interfaces take: loopback's for loopback addresses, and the largest of all
/// other
/// interfaces for the rest, since the one a datagram will leave by is not known. What is too long for it after all is
/// refused when it is sent, and so found out like any loss.
///
/// - threads: the loop's
public final class InterfaceLimits implements LinkLimits {
    private static final int IPV4_HEADERS_BYTES = 20 + 8;
    private static final int IPV6_HEADERS_BYTES = 40 + 8;

    /// The longest IPv4 packet; IPv6 counts without its header, and is held to the same.
    private static final int IP_BYTES_MAX = 65_535;

    /// How long what the interfaces said is believed.
    private static final long BELIEVED_NANOS = 10_000_000_000L;

    private long askedNanos;
    private int loopbackMtu;
    private int outerMtu;

    public InterfaceLimits() {
        ask();
    }

    @Override
    public int datagramBytesMax(Address remote) {
        if (System.nanoTime() - askedNanos > BELIEVED_NANOS) {
            ask();
        }
        byte[] ip = remote.ipBytes();
        int headers = ip.length == 4 ? IPV4_HEADERS_BYTES : IPV6_HEADERS_BYTES;
        int mtu = isLoopback(ip) ? loopbackMtu : outerMtu;
        return Math.clamp((long) mtu - headers, Limits.DATAGRAM_BYTES_BASE, Limits.DATAGRAM_BYTES_MAX);
    }

    private static boolean isLoopback(byte[] ip) {
        try {
            return InetAddress.getByAddress(ip).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    /// What cannot be asked is taken for the least that every path carries.
    private void ask() {
        askedNanos = System.nanoTime();
        loopbackMtu = 0;
        outerMtu = 0;
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (link.isUp() && link.isLoopback()) {
                    loopbackMtu = Math.max(loopbackMtu, Math.min(link.getMTU(), IP_BYTES_MAX));
                } else if (link.isUp()) {
                    outerMtu = Math.max(outerMtu, Math.min(link.getMTU(), IP_BYTES_MAX));
                }
            }
        } catch (SocketException _) {
            // the machine does not say: paths stay at what they begin with
        }
    }
}
