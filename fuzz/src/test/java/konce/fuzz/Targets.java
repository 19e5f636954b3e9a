package konce.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import konce.cli.CliTargets;
import konce.cli.files.FilesTargets;
import konce.cli.store.KeyFileTargets;
import konce.names.TextTargets;
import konce.names.checkpoint.CheckpointTargets;
import konce.names.client.ClientTargets;
import konce.names.ledger.LedgerTargets;
import konce.node.NodeTargets;
import konce.node.names.NameHomeTargets;
import konce.protocol.endpoint.EndpointTargets;
import konce.protocol.handshake.HandshakeTargets;
import konce.protocol.presence.PresenceTargets;
import konce.protocol.wire.WireTargets;
import konce.registry.RegistryTargets;

/// Every target there is, in groups. A group is fuzzed by one process, which gives each target of it its share.
final class Targets {
    /// Groups that take a hundred times as long as the others.
    static final Set<String> SLOW = Set.of("endpoint", "disk");

    /// The share of a target of those, beside 1 of every other.
    static final double SLOW_SHARE = 0.02;

    private Targets() {}

    /// Groups by name: those of one group take about as long as each other.
    ///
    /// @param scratch a folder that the targets on disk write to
    static Map<String, List<Target>> groups(Path scratch) {
        Map<String, List<Target>> groups = new LinkedHashMap<>();
        groups.put("packets", joined(WireTargets.all(), PresenceTargets.all(), HandshakeTargets.all()));
        groups.put("ledger", joined(LedgerTargets.all(), CheckpointTargets.all(), RegistryTargets.all()));
        groups.put("client", joined(ClientTargets.all(), NameHomeTargets.all()));
        groups.put("texts", joined(TextTargets.all(), CliTargets.all(), KeyFileTargets.all()));
        groups.put("files", joined(FilesTargets.all(), NodeTargets.all()));
        groups.put("endpoint", EndpointTargets.all());
        groups.put(
                "disk",
                joined(
                        FilesTargets.onDisk(scratch),
                        NodeTargets.onDisk(scratch),
                        RegistryTargets.onDisk(scratch),
                        KeyFileTargets.onDisk(scratch)));
        return groups;
    }

    @SafeVarargs
    private static List<Target> joined(List<Target>... parts) {
        List<Target> all = new ArrayList<>();
        for (List<Target> part : parts) {
            all.addAll(part);
        }
        return List.copyOf(all);
    }
}
