package konce.crypto;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Which libsodium it is that does the arithmetic. For people who look at a machine.
public final class Libsodium {
    private static final int NAME_BYTES_MAX = 64;

    private Libsodium() {}

    /// Its version: `1.0.20`.
    public static String version() {
        return text(Sodium.versionString());
    }

    /// Where its random bytes come from: `sysrandom` is the kernel.
    public static String randomSource() {
        return text(Sodium.randomImplementationName());
    }

    /// A constant text of the library's.
    @SuppressWarnings("restricted")
    private static String text(long address) {
        return MemorySegment.ofAddress(address).reinterpret(NAME_BYTES_MAX).getString(0, StandardCharsets.US_ASCII);
    }
}
