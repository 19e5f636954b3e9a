package konce.fuzz;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// What Jazzer calls, in a process of its own: one input after another. The first byte of an input says which target
/// of the group gets the rest.
public final class Fuzzer {
    /// The property that names the group.
    static final String GROUP = "konce.fuzz.group";

    /// The property that names the one target of it that is wanted; empty: all.
    static final String ONLY = "konce.fuzz.only";

    /// The property that names a folder to write to.
    static final String SCRATCH = "konce.fuzz.scratch";

    /// What a line of the count begins with.
    static final String COUNT = "konce-fuzz-count ";

    private static List<Target> targets = List.of();
    private static long[] counts = {};

    private Fuzzer() {}

    /// The targets of a group, all or the one that is wanted, in their order.
    static List<Target> wanted(String group, String only, Path scratch) {
        Map<String, List<Target>> groups = Targets.groups(scratch);
        return groups.getOrDefault(group, List.of()).stream()
                .filter(target -> only.isEmpty() || target.name().equals(only))
                .toList();
    }

    /// Called once before all inputs.
    public static void fuzzerInitialize() {
        targets = wanted(
                System.getProperty(GROUP, ""), System.getProperty(ONLY, ""), Path.of(System.getProperty(SCRATCH, "")));
        counts = new long[targets.size()];
    }

    /// Called with each input.
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length == 0) {
            return;
        }
        int which = (input[0] & 0xFF) % counts.length;
        counts[which]++;
        targets.get(which).body().run(Arrays.copyOfRange(input, 1, input.length));
    }

    /// Called once after all inputs.
    public static void fuzzerTearDown() {
        for (int i = 0; i < counts.length; i++) {
            System.err.println(COUNT + targets.get(i).name() + " " + counts[i]);
        }
    }
}
