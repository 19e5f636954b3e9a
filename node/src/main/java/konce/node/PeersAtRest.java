package konce.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import konce.protocol.endpoint.Endpoint;

/// How a node keeps its peers between channels.
///
/// @param countMax how many in memory; 0: none
/// @param idleNanos how long one may be silent; 0: while there is room
/// @param records what the application knows of them
record PeersAtRest(int countMax, long idleNanos, PeerRecords records) {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern LOCKED = Pattern.compile("Max locked memory +(\\d+).*");
    private static final long BYTES_EACH = 192;
    private static final Logger LOG = System.getLogger("konce.node");

    void keepIn(Endpoint endpoint) {
        if (countMax > 0) {
            endpoint.keepPresences(countMax, idleNanos);
            warn();
        }
    }

    /// Says what happens when the system locks less memory than they may need.
    private void warn() {
        long needed = countMax * BYTES_EACH;
        long allowed = lockedBytesMax();
        if (allowed < needed) {
            LOG.log(
                    Level.WARNING,
                    "the secrets of " + countMax + " peers take " + needed + " bytes, and this process may lock "
                            + allowed
                            + " into memory: the rest may be swapped to disk; raise it with `ulimit -l unlimited`,"
                            + " or LimitMEMLOCK=infinity in a systemd unit");
        }
    }

    /// What the process may lock, where the system says so; else more than anybody needs.
    private static long lockedBytesMax() {
        try {
            for (String line : Files.readAllLines(LIMITS)) {
                Matcher matcher = LOCKED.matcher(line);
                if (matcher.matches()) {
                    return Long.parseLong(matcher.group(1));
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "no limits to be read", e);
        }
        return Long.MAX_VALUE;
    }
}
