package konce.simulator.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/// No two different packets may be sealed under one key and packet number. Seen from outside: every sealed datagram of
/// an endpoint is distinct from every other in its header and its tag.
public final class NonceChecker {
    private static final int TAG_BYTES = 16;

    private record Seal(long tagHigh, long tagLow, long header) {}

    private final Findings findings;
    private final String host;
    private final Map<Seal, Integer> seen = new HashMap<>();
    private final Set<String> secrets = new HashSet<>();

    public NonceChecker(Findings findings, String host) {
        this.findings = findings;
        this.host = host;
    }

    /// A sealed packet left. The very same bytes may leave again: a repeat of a handshake packet tells nobody
    /// anything.
    public void sealed(byte[] datagram, int headerBytes) {
        Seal seal = new Seal(
                longAt(datagram, datagram.length - TAG_BYTES),
                longAt(datagram, datagram.length - TAG_BYTES / 2),
                Arrays.hashCode(Arrays.copyOf(datagram, headerBytes)));
        int content = Arrays.hashCode(datagram);
        Integer before = seen.putIfAbsent(seal, content);
        findings.require(
                before == null || before == content,
                Rule.NONCE_REPEATED,
                host + " sealed two packets with one header and tag");
    }

    /// The endpoint made a traffic secret: it must be one it has not had.
    public void secret(String label, byte[] secret) {
        findings.require(
                secrets.add(label + HexFormat.of().formatHex(secret)),
                Rule.NONCE_REPEATED,
                host + " derived the secret '" + label + "' twice");
    }

    public long count() {
        return seen.size();
    }

    private static long longAt(byte[] bytes, int offset) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << 8 | (bytes[offset + i] & 0xFF);
        }
        return value;
    }
}
