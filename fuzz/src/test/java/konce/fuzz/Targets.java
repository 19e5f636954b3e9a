package konce.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    /// The share of a target in groups that take longer, beside 1 of every other: a text is searched for where it
    /// is
    /// damaged, an endpoint shakes hands, a file is written.
    private static final Map<String, Double> SLOW = Map.of("texts", 0.1, "endpoint", 0.02, "disk", 0.005);

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

    /// The share of each target of a group.
    static double share(String group) {
        return SLOW.getOrDefault(group, 1.0);
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
