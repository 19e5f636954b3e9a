package konce.bench.attack;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What an attacker sends. Those at Konce are the kinds that threats to its handshake come in; those at others are what
/// their protocols allow.
public enum Flood {
    /// Random bytes, in datagrams of 1,200; over TCP on connections made for them.
    GARBAGE("random bytes"),
    /// A COOKIE-ECHO's first byte and length, and random bytes.
    TYPE_AND_LENGTH("right type and length, else random"),
    /// A good COOKIE-ECHO but for a sequence number that was not issued.
    STALE_SEQUENCE("a sequence number that was not issued lately"),
    /// What the server gave to one address, from another.
    OTHER_ADDRESS("INIT-ACK contents from another address"),
    /// One good COOKIE-ECHO of each address, over and over.
    COPIES("copies of a good COOKIE-ECHO"),
    /// A good cookie, and a solution that is none of the effort it claims.
    BAD_WORK("good cookie, bad work"),
    /// Work that is done, over an authenticator that the server never gave.
    BAD_AUTHENTICATOR("good work, bad authenticator"),
    /// INITs, each with another client random; nobody reads the answers.
    INITS("INITs, as from spoofed addresses"),
    /// Cookies that were asked for and worked for, used once each, from one /24: each costs the server its group
    /// operations, and leads to nothing.
    WORKED("worked COOKIE-ECHOs, from one /24"),
    /// Whole handshakes, as many as one process can do, from one address.
    HANDSHAKES("whole handshakes, from one address"),
    /// QUIC's Initials with a ClientHello, each under another connection id.
    INITIALS("valid Initials with a ClientHello"),
    /// TLS's ClientHello, the same on every connection, which is closed when the answer comes.
    CLIENT_HELLOS("connections with a ClientHello");

    private final String title;

    Flood(String title) {
        this.title = title;
    }

    /// As people read it.
    String title() {
        return title;
    }

    /// As it is typed.
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Flood of(String word) {
        return Arrays.stream(values())
                .filter(flood -> flood.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no flood is called " + word));
    }

    /// Those at Konce, the cheapest to make first.
    static List<Flood> atKonce() {
        return List.of(
                GARBAGE,
                TYPE_AND_LENGTH,
                STALE_SEQUENCE,
                OTHER_ADDRESS,
                COPIES,
                BAD_WORK,
                BAD_AUTHENTICATOR,
                INITS,
                WORKED,
                HANDSHAKES);
    }

    static List<Flood> atQuic() {
        return List.of(GARBAGE, INITIALS, HANDSHAKES);
    }

    static List<Flood> atTls() {
        return List.of(GARBAGE, CLIENT_HELLOS, HANDSHAKES);
    }
}
