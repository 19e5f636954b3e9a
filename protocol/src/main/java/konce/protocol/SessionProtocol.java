package konce.protocol;

import konce.crypto.Suite;
import org.jspecify.annotations.Nullable;

// = docs/spec/04-protection.md R4.1
/// The session protocols of the first release.
///
/// - source: docs/spec/04-protection.md, section 1
public enum SessionProtocol {
    /// The default.
    XCHACHA20_POLY1305(1, Suite.XCHACHA20_POLY1305, false),
    /// Where both sides have AES hardware and the operator prefers speed.
    AEGIS_256(2, Suite.AEGIS_256, false),
    /// As 1, every datagram padded to one of a few sizes.
    XCHACHA20_POLY1305_PADDED(3, Suite.XCHACHA20_POLY1305, true);

    private final long number;
    private final Suite suite;
    private final boolean padded;

    SessionProtocol(long number, Suite suite, boolean padded) {
        this.number = number;
        this.suite = suite;
        this.padded = padded;
    }

    public long number() {
        return number;
    }

    public Suite suite() {
        return suite;
    }

    public boolean isPadded() {
        return padded;
    }

    /// The protocol with this number; null where it is none of ours.
    public static @Nullable SessionProtocol ofNumber(long number) {
        for (SessionProtocol protocol : values()) {
            if (protocol.number == number) {
                return protocol;
            }
        }
        return null;
    }
}
