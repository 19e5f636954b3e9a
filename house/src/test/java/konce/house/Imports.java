package konce.house;

import java.lang.classfile.Attributes;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.classfile.attribute.ModuleRequireInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import konce.house.Building.Compiled;

/// Who may import whom: modules, packages inside the protocol, and third parties.
final class Imports {
    /// A module, and the modules of ours it may use.
    static final Map<String, Set<String>> MODULES = Map.ofEntries(
            Map.entry("crypto", Set.of()),
            Map.entry("protocol", Set.of("crypto")),
            Map.entry("names", Set.of("crypto", "protocol")),
            Map.entry("node", Set.of("crypto", "protocol", "names")),
            Map.entry("simulator", Set.of("crypto", "protocol", "names")),
            Map.entry("metrics", Set.of("crypto", "protocol", "names", "node")),
            Map.entry("store", Set.of("crypto", "protocol", "names", "node")),
            Map.entry("registry", Set.of("crypto", "protocol", "names", "node")),
            Map.entry("cluster", Set.of("crypto", "names", "registry")),
            Map.entry("cli", Set.of("crypto", "protocol", "names", "node", "metrics", "registry", "simulator")),
            Map.entry(
                    "bench", Set.of("crypto", "protocol", "names", "node", "metrics", "registry", "simulator", "cli")),
            Map.entry(
                    "proofs", Set.of("crypto", "protocol", "names", "node", "metrics", "registry", "simulator", "cli")),
            Map.entry(
                    "fuzz",
                    Set.of(
                            "crypto",
                            "protocol",
                            "names",
                            "node",
                            "store",
                            "registry",
                            "cluster",
                            "simulator",
                            "metrics",
                            "cli")),
            Map.entry("house", Set.of()));

    /// A package of the protocol, and the other packages of the protocol it may use. The vocabulary and the tables
    /// stand
    /// below all, and each floor sees the floors it is built on.
    static final Map<String, Set<String>> PROTOCOL = Map.ofEntries(
            Map.entry("konce.protocol", of("")),
            Map.entry("konce.protocol.table", of("")),
            Map.entry("konce.protocol.wire", of("vocabulary table")),
            Map.entry("konce.protocol.handshake", of("vocabulary table wire")),
            Map.entry("konce.protocol.path", of("vocabulary table")),
            Map.entry("konce.protocol.flow", of("vocabulary table wire path")),
            Map.entry("konce.protocol.message", of("vocabulary table wire flow")),
            Map.entry("konce.protocol.dissect", of("vocabulary table wire handshake")),
            Map.entry("konce.protocol.presence", of("vocabulary table wire path flow message")),
            Map.entry("konce.protocol.endpoint", of("vocabulary table wire handshake path flow message presence")));

    /// A package of the names, and the other packages of the names it may use: what the ledger says is below who
    /// believes it.
    static final Map<String, Set<String>> NAMES = Map.ofEntries(
            Map.entry("konce.names.encoding", Set.of()),
            Map.entry("konce.names.trie", Set.of("konce.names.encoding")),
            Map.entry("konce.names.history", Set.of("konce.names.encoding")),
            Map.entry("konce.names.checkpoint", Set.of("konce.names.encoding", "konce.names.history")),
            Map.entry(
                    "konce.names.ledger",
                    Set.of(
                            "konce.names.encoding",
                            "konce.names.trie",
                            "konce.names.history",
                            "konce.names.checkpoint")),
            Map.entry(
                    "konce.names.binding",
                    Set.of("konce.names.encoding", "konce.names.checkpoint", "konce.names.ledger")),
            Map.entry(
                    "konce.names.client",
                    Set.of(
                            "konce.names.encoding",
                            "konce.names.trie",
                            "konce.names.history",
                            "konce.names.checkpoint",
                            "konce.names.ledger",
                            "konce.names.binding")),
            Map.entry(
                    "konce.names.registry",
                    Set.of(
                            "konce.names.encoding",
                            "konce.names.trie",
                            "konce.names.history",
                            "konce.names.checkpoint",
                            "konce.names.ledger",
                            "konce.names.binding",
                            "konce.names.client")),
            Map.entry("konce.names", Set.of("konce.names.encoding", "konce.names.ledger")));

    /// Modules whose packages stand on one another.
    private static final Map<String, Map<String, Set<String>>> LAYERED = Map.of("protocol", PROTOCOL, "names", NAMES);

    /// Modules that use the JDK's base and JSpecify's annotations, and nothing else of others.
    static final Set<String> WITHOUT_THIRD_PARTIES = Set.of("crypto", "protocol", "names", "simulator");

    /// Where the classes of these are; of what else begins with `javax` only this is in java.base.
    private static final Set<String> ALLOWED =
            Set.of("java/", "javax/crypto/", "javax/security/auth/", "konce/", "org/jspecify/");

    private static final Set<String> BASE = Set.of("java.base", "org.jspecify");

    private static final Pattern DESCRIBED = Pattern.compile("L([\\w$]+(?:/[\\w$]+)+)[;<]");

    private Imports() {}

    private static Set<String> of(String names) {
        return Stream.of(names.split(" "))
                .map(name -> name.equals("vocabulary") ? "konce.protocol" : "konce.protocol." + name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Main and test classes that use a module of ours they must not.
    static List<String> ofModules(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            Set<String> allowed = MODULES.get(compiled.module());
            if (allowed == null) {
                offences.add(compiled.source().text().path() + ": module " + compiled.module()
                        + " has no line in the table of Imports; add one");
                continue;
            }
            for (String used : used(compiled)) {
                String module = moduleOf(used);
                if (!module.isEmpty() && !module.equals(compiled.module()) && !allowed.contains(module)) {
                    offences.add(compiled.source().text().path() + ": " + compiled.module() + " must not use " + used
                            + "; it may use " + sorted(allowed) + ": move what is needed down a floor");
                }
            }
        }
        return offences;
    }

    /// Main classes of the protocol and of the names that use a package they must not.
    static List<String> ofPackages(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            String from = compiled.packageName();
            Map<String, Set<String>> layers = LAYERED.get(compiled.module());
            if (layers == null || !compiled.isMain() || from.isEmpty()) {
                continue;
            }
            Set<String> allowed = layers.get(from);
            if (allowed == null) {
                offences.add(compiled.source().text().path() + ": package " + from
                        + " has no line in the table of Imports; add one");
                continue;
            }
            for (String used : used(compiled)) {
                String to = Building.packageOf(used);
                if (moduleOf(used).equals(compiled.module()) && !to.equals(from) && !allowed.contains(to)) {
                    offences.add(compiled.source().text().path() + ": " + from + " must not use " + used
                            + "; it may use " + sorted(allowed) + ": pass a value, or move it down a floor");
                }
            }
        }
        return offences;
    }

    /// Main classes of the sans-IO modules that use a third party's class, and module descriptors that require one.
    static List<String> ofThirdParties(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            if (!WITHOUT_THIRD_PARTIES.contains(compiled.module()) || !compiled.isMain()) {
                continue;
            }
            String path = compiled.source().text().path();
            for (String used : used(compiled)) {
                if (ALLOWED.stream().noneMatch(used::startsWith)) {
                    offences.add(path + ": " + compiled.module() + " must not use " + used
                            + "; it takes nothing but java.base and JSpecify");
                }
            }
            for (ModuleRequireInfo required : compiled.model()
                    .findAttribute(Attributes.module())
                    .map(ModuleAttribute::requires)
                    .orElse(List.of())) {
                String name = required.requires().name().stringValue();
                if (!BASE.contains(name) && !name.startsWith("konce.")) {
                    offences.add(path + ": " + compiled.module() + " must not require " + name
                            + "; it takes nothing but java.base and JSpecify");
                }
            }
        }
        return offences;
    }

    /// The internal names of all classes a class file names: in code, descriptors, signatures and annotations.
    static Set<String> used(Compiled compiled) {
        Set<String> used = new TreeSet<>();
        for (PoolEntry entry : compiled.model().constantPool()) {
            if (entry instanceof ClassEntry type && !type.asInternalName().startsWith("[")) {
                used.add(type.asInternalName());
            } else if (entry instanceof Utf8Entry text) {
                Matcher matcher = DESCRIBED.matcher(text.stringValue());
                while (matcher.find()) {
                    used.add(matcher.group(1));
                }
            }
        }
        used.remove("module-info");
        return used;
    }

    /// The module of ours a class belongs to, by its name; empty for others'.
    private static String moduleOf(String internalName) {
        String[] steps = internalName.split("/");
        return steps.length > 2 && steps[0].equals("konce") ? steps[1] : "";
    }

    private static Set<String> sorted(Set<String> names) {
        return new TreeSet<>(names);
    }
}
