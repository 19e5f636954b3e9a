package konce.crypto;

/// How packets are protected once the handshake is done.
public enum Suite {
    /// The default: constant time and quick on every processor.
    XCHACHA20_POLY1305(16),
    /// Several times quicker where the processor has AES instructions, many times slower where it has not.
    AEGIS_256(32);

    private final int tagBytes;

    Suite(int tagBytes) {
        this.tagBytes = tagBytes;
    }

    /// How many bytes the tag adds to each packet.
    public int tagBytes() {
        return tagBytes;
    }

    /// Whether this machine runs the suite at full speed and in constant time, so that it is fit to be offered.
    public boolean isAccelerated() {
        return switch (this) {
            case XCHACHA20_POLY1305 -> true;
            case AEGIS_256 -> Hardware.AES;
        };
    }

    /// What the processor has, asked once. libsodium takes its quick AEGIS on x86 only where there is AVX too.
    private static final class Hardware {
        private static final boolean AES =
                (Sodium.runtimeHasAesni() == 1 && Sodium.runtimeHasAvx() == 1) || Sodium.runtimeHasArmcrypto() == 1;
    }
}
