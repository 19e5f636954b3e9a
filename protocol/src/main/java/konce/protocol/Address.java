package konce.protocol;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/// A network address: an IP address and a UDP port. IPv4 is held as IPv4-mapped IPv6, so that one shape serves both.
///
/// - shape: 16 bytes of IP (`high`, `low`, big-endian) and a port in 0..65535
/// - source: docs/spec/01-notation.md, RFC 4291 section 2.5.5.2
///
/// @param high the first eight bytes of the IP address
/// @param low the last eight bytes of the IP address
/// @param port the UDP port
public record Address(long high, long low, int port) {
    /// Bytes an address takes where it enters a hash: 16 of IP and 2 of port.
    public static final int BYTES = 18;

    private static final long MAPPED_PREFIX = 0xFFFF_0000_0000L;

    public Address {
        if (port < 0 || port > 0xFFFF) {
            throw new IllegalArgumentException("port " + port + " is not in 0..65535");
        }
    }

    /// The address of these raw bytes.
    ///
    /// @param ip 4 or 16 bytes, network order
    /// @param port 0..65535
    public static Address of(byte[] ip, int port) {
        return switch (ip.length) {
            case 4 -> new Address(0, MAPPED_PREFIX | (bytes(ip, 0, 4) & 0xFFFF_FFFFL), port);
            case 16 -> new Address(bytes(ip, 0, 8), bytes(ip, 8, 16), port);
            default -> throw new IllegalArgumentException("an IP address has 4 or 16 bytes, not " + ip.length);
        };
    }

    /// Parses `192.0.2.7:413` or `[2001:db8::7]:413`. Never asks a name server.
    ///
    /// @throws IllegalArgumentException when the text is neither, with the text in the message
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || text.length() > TEXT_CHARS_MAX) {
            throw new IllegalArgumentException("'" + text + "' is not IP:PORT or [IP]:PORT");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = text.substring(0, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            if (!bracketed && host.indexOf(':') >= 0) {
                throw new IllegalArgumentException("an IPv6 address needs brackets: [" + host + "]:" + port);
            }
            return of(
                    InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host)
                            .getAddress(),
                    port);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not IP:PORT or [IP]:PORT: " + e.getMessage(), e);
        }
    }

    /// The longest text [#parse] looks at.
    public static final int TEXT_CHARS_MAX = 64;

    public boolean isIpv4() {
        return high == 0 && low >>> 32 == MAPPED_PREFIX >>> 32;
    }

    /// The IP address alone: 4 bytes for IPv4, 16 for IPv6.
    public byte[] ipBytes() {
        byte[] ip = new byte[isIpv4() ? 4 : 16];
        for (int i = 0; i < 8 && i < ip.length; i++) {
            ip[ip.length - 1 - i] = (byte) (low >>> (8 * i));
        }
        for (int i = 8; i < ip.length; i++) {
            ip[ip.length - 1 - i] = (byte) (high >>> (8 * (i - 8)));
        }
        return ip;
    }

    @Override
    public String toString() {
        try {
            InetAddress ip = InetAddress.getByAddress(ipBytes());
            return ip instanceof Inet4Address
                    ? ip.getHostAddress() + ":" + port
                    : "[" + ip.getHostAddress() + "]:" + port;
        } catch (UnknownHostException e) {
            throw new AssertionError("4 and 16 bytes are always an address", e);
        }
    }

    private static long bytes(byte[] ip, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = (value << 8) | (ip[i] & 0xFF);
        }
        return value;
    }
}
