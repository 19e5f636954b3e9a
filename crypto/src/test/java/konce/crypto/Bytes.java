package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Random;

/// Test bytes: between hexadecimal text, arrays and native segments.
final class Bytes {
    static final long SEED = Long.getLong("konce.seed", 0x6b6f6e6365L);
    static final int CASES = Integer.getInteger("konce.cases", 2_000);

    private Bytes() {}

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("[\\s:]", ""));
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static String hex(MemorySegment segment) {
        return hex(segment.toArray(ValueLayout.JAVA_BYTE));
    }

    static MemorySegment of(byte... bytes) {
        MemorySegment segment =
                Arena.ofAuto().allocate(Math.max(1, bytes.length), 64).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }

    static MemorySegment of(String hex) {
        return of(hex(hex));
    }

    static MemorySegment zero(long bytes) {
        return Arena.ofAuto().allocate(bytes, 64);
    }

    static Secret secret(Vault vault, byte[] bytes) {
        return Secret.copyOf(vault, of(bytes), 0, bytes.length);
    }

    static byte[] reveal(Secret secret) {
        MemorySegment out = zero(secret.bytes());
        secret.copyTo(out, 0, SecretAccess.grant("a test looks"));
        return out.toArray(ValueLayout.JAVA_BYTE);
    }

    /// A generator whose seed is printed, so that a failure can be run again with -Dkonce.seed.
    static Random random(String test) {
        System.out.println(test + ": -Dkonce.seed=" + SEED + " -Dkonce.cases=" + CASES);
        return new Random(SEED ^ test.hashCode());
    }

    static byte[] random(Random random, int bytes) {
        byte[] result = new byte[bytes];
        random.nextBytes(result);
        return result;
    }
}
