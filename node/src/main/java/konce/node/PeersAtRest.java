package konce.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import konce.protocol.endpoint.Endpoint;

/// How a node keeps its peers between channels.
///
/// @param countMax how many in memory; 0: none
/// @param idleNanos how long one may be silent; 0: while there is room
/// @param records what the application knows of them
record PeersAtRest(int countMax, long idleNanos, PeerRecords records) {
    private static final long BYTES_EACH = 192;

    /// What a server locks beside.
    private static final long VAULT_BYTES = 8L << 20;

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
        long allowed = LockedMemory.bytesMax(Path.of("/"));
        if (allowed < VAULT_BYTES + needed) {
            LOG.log(
                    Level.WARNING,
                    "the secrets of " + countMax + " peers take " + needed + " bytes, and this process may lock "
                            + allowed
                            + " into memory: the rest may be swapped to disk; raise it with `ulimit -l "
                            + ((VAULT_BYTES + needed) >> 10) + "`, or LimitMEMLOCK=" + (VAULT_BYTES + needed)
                            + " in a systemd unit; `konce doctor` says more");
        }
    }
}
