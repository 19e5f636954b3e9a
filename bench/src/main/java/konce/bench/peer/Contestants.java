package konce.bench.peer;

import java.util.List;
import konce.protocol.Limits;

/// Everybody who takes part.
public final class Contestants {
    /// What the names of ours begin with.
    public static final String OURS = "konce-";

    /// Bytes of a datagram that travels anywhere.
    static final int PACKET_BYTES = 1_440;

    /// Bytes of the largest datagram, which the loopback interface carries whole.
    private static final int LARGEST_BYTES = Limits.DATAGRAM_BYTES_MAX;

    private Contestants() {}

    /// In the order they are shown.
    public static List<Contestant> all() {
        return List.of(
                new KoncePeer("konce-xchacha", KoncePeer.Session.XCHACHA, PACKET_BYTES, KoncePeer.Code.THREADS),
                new KoncePeer("konce-aegis", KoncePeer.Session.AEGIS, PACKET_BYTES, KoncePeer.Code.THREADS),
                new KoncePeer("konce-padded", KoncePeer.Session.PADDED, PACKET_BYTES, KoncePeer.Code.THREADS),
                new KoncePeer("konce-xchacha-loop", KoncePeer.Session.XCHACHA, PACKET_BYTES, KoncePeer.Code.LOOP),
                new KoncePeer("konce-xchacha-mtu", KoncePeer.Session.XCHACHA, LARGEST_BYTES, KoncePeer.Code.THREADS),
                new KoncePeer("konce-aegis-mtu", KoncePeer.Session.AEGIS, LARGEST_BYTES, KoncePeer.Code.THREADS),
                new KoncePeer("konce-padded-mtu", KoncePeer.Session.PADDED, LARGEST_BYTES, KoncePeer.Code.THREADS),
                new QuicPeer(QuicPeer.Streams.ONE_EACH),
                new QuicPeer(QuicPeer.Streams.ONE_FOR_ALL),
                new KwikPeer(),
                new GrpcPeer(),
                new TcpPeer(TcpPeer.Protection.BORINGSSL_AES),
                new TcpPeer(TcpPeer.Protection.BORINGSSL_CHACHA),
                new TcpPeer(TcpPeer.Protection.JDK_AES),
                new TcpPeer(TcpPeer.Protection.JDK_CHACHA),
                new UdpPeer("raw-udp", "raw UDP (Netty), datagrams of 1,440 B", PACKET_BYTES),
                new UdpPeer("raw-udp-mtu", "raw UDP (Netty), datagrams of 65,507 B", LARGEST_BYTES),
                new TcpPeer(TcpPeer.Protection.NONE));
    }

    /// @throws IllegalArgumentException when there is none of this name
    public static Contestant named(String name) {
        return all().stream()
                .filter(contestant -> contestant.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' takes no part; these do: "
                        + String.join(", ", all().stream().map(Contestant::name).toList())));
    }
}
