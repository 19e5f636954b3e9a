package konce.protocol.dissect;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/// A line of a key log.
///
/// - shape: `LABEL clientRandomHex secretHex`
/// - error: [IllegalArgumentException] that says what is wrong with the line
///
/// @param label BOX, CHANGE, EARLY, CLIENT or SERVER, as docs/spec/03-handshake.md names them; CLIENT_UPDATED or
///     SERVER_UPDATED for the phase after the last of that client random
/// @param clientRandom 16 bytes
/// @param secret 32 bytes
public record LoggedKey(String label, byte[] clientRandom, byte[] secret) {
    private static final Set<String> LABELS =
            Set.of("BOX", "CHANGE", "EARLY", "CLIENT", "SERVER", "CLIENT_UPDATED", "SERVER_UPDATED");

    public LoggedKey {
        if (!LABELS.contains(label)) {
            throw new IllegalArgumentException("'" + label + "' is no label of a key log");
        }
        if (clientRandom.length != 16 || secret.length != 32) {
            throw new IllegalArgumentException("a client random has 16 bytes and a secret 32, not "
                    + clientRandom.length + " and " + secret.length);
        }
    }

    boolean isTraffic() {
        return isOfClient() || label.startsWith("SERVER");
    }

    boolean isOfClient() {
        return label.startsWith("CLIENT");
    }

    /// Whether this is the secret of the key phase after another's.
    boolean follows(LoggedKey other) {
        return label.endsWith("_UPDATED")
                && label.startsWith(other.label.replace("_UPDATED", ""))
                && Arrays.equals(clientRandom, other.clientRandom);
    }

    /// Reads a line.
    public static LoggedKey parse(String line) {
        String[] parts = line.strip().split("\\s+", 4);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a line of a key log is LABEL CLIENT-RANDOM SECRET");
        }
        HexFormat hex = HexFormat.of();
        return new LoggedKey(parts[0], hex.parseHex(parts[1]), hex.parseHex(parts[2]));
    }
}
