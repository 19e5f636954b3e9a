package konce.cli;

import java.util.List;
import java.util.Locale;
import konce.protocol.CongestionControl;
import konce.protocol.SessionProtocol;
import konce.protocol.endpoint.KeyPolicy;
import picocli.CommandLine.Option;

/// The options of every command whose node makes or takes channels: how they are protected, and how they send.
final class ChannelOptions {
    /// How a session protocol is called on the command line.
    enum Session {
        XCHACHA(SessionProtocol.XCHACHA20_POLY1305),
        AEGIS(SessionProtocol.AEGIS_256),
        PADDED(SessionProtocol.XCHACHA20_POLY1305_PADDED);

        private final SessionProtocol protocol;

        Session(SessionProtocol protocol) {
            this.protocol = protocol;
        }
    }

    /// Whether ML-KEM enters the keys.
    enum PostQuantum {
        OFF,
        ON,
        REQUIRE
    }

    @Option(
            names = "--congestion",
            paramLabel = "pipe|cubic",
            defaultValue = "PIPE",
            description = "How to find out how much may be sent (default: pipe, a model of bandwidth and round trip).")
    CongestionControl congestion = CongestionControl.PIPE;

    @Option(
            names = "--session",
            split = ",",
            paramLabel = "xchacha|aegis|padded",
            description = "How packets may be protected, the best first; the client's order decides (default:"
                    + " xchacha,aegis,padded). aegis is the quickest, for two sides with AES instructions, and left out"
                    + " where this machine has none; padded hides lengths.")
    List<Session> sessions = List.of();

    @Option(
            names = "--pq",
            paramLabel = "on|off|require",
            defaultValue = "ON",
            description = "Keys that a quantum computer does not break, by ML-KEM-768: on enters them after the"
                    + " handshake, where the peer does so too; require lets no message go before that, which costs a round"
                    + " trip more (default: on).")
    PostQuantum postQuantum = PostQuantum.ON;

    KeyPolicy keys() {
        return switch (postQuantum) {
            case OFF -> KeyPolicy.DEFAULT.classical();
            case ON -> KeyPolicy.DEFAULT;
            case REQUIRE -> KeyPolicy.DEFAULT.requiringPostQuantum();
        };
    }

    /// Best first.
    List<SessionProtocol> sessionProtocols() {
        List<SessionProtocol> protocols = sessions.isEmpty()
                ? List.of(SessionProtocol.values())
                : sessions.stream().map(session -> session.protocol).toList();
        if (protocols.stream().distinct().count() != protocols.size()) {
            throw CommandException.mistake(
                    "--session names one twice: " + sessions.toString().toLowerCase(Locale.ROOT));
        }
        return protocols;
    }
}
