package konce.house;

import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import konce.house.Building.Compiled;

/// Everything that reads bytes or texts of others is fuzzed.
///
/// A *decoder* is a method of a main class that is neither private nor abstract, takes one of [#TAKING], and either has
/// a name of [#NAMED], perhaps with more words after it, or returns a `Decoded`. It has a target when a class of module
/// `fuzz` refers to it, or when a decoder that has one does: the part of an encoding goes with the whole.
final class Decoders {
    private static final Pattern NAMED = Pattern.compile("(decode|read|parse|load|open)([A-Z].*)?");

    private static final Set<String> TAKING = Set.of(
            "byte[]",
            "java.nio.ByteBuffer",
            "java.lang.foreign.MemorySegment",
            "java.lang.String",
            "java.nio.file.Path",
            "konce.protocol.wire.ByteReader",
            "konce.names.encoding.ByteReader",
            "konce.cli.files.FieldReader");

    private static final String DECODED = "konce.names.encoding.Decoded";

    /// Modules whose main classes read what others wrote. The benchmarks read only what they wrote themselves, a
    /// moment
    /// ago.
    private static final Set<String> MODULES = Set.of(
            "crypto", "protocol", "names", "node", "store", "registry", "cluster", "simulator", "metrics", "cli");

    /// Methods that are named like decoders and are none, and why.
    static final Map<String, String> NONE = Map.ofEntries(
            Map.entry("konce/crypto/PacketKey.open", "unseals: what is inside has a target of its own"),
            Map.entry("konce/crypto/SecretBox.open", "unseals"),
            Map.entry("konce/protocol/endpoint/ChannelPackets.open", "unseals; target endpoint-frames goes through it"),
            Map.entry("konce/protocol/endpoint/Connecting.open", "unseals; target endpoint-damage goes through it"),
            Map.entry("konce/node/ByteStream$Input.read", "copies bytes of a stream to the program"),
            Map.entry("konce/node/stream/StreamReceiver.read", "copies bytes of a stream to the program"),
            Map.entry("konce/node/store/PrivateFiles.open", "opens a file and looks at nothing in it"),
            Map.entry("konce/node/store/AtomicFile.openLock", "opens a file and looks at nothing in it"),
            Map.entry("konce/store/SqlPeerRecords.open", "the database reads its own file"),
            Map.entry("konce/cli/PeerSession.open", "opens a socket; the text is target remote-peer's"),
            Map.entry("konce/cli/store/Identities.open", "opens a KeyFile, which is target key-file's"),
            Map.entry("konce/cli/store/Groups.load", "reads a file whose text is target group-file's"),
            Map.entry("konce/registry/Bindings.open", "opens a BlockLog of bindings: targets block-log and binding"),
            Map.entry("konce/registry/Chain.open", "opens a BlockLog of blocks: targets block-log, block and snapshot"),
            Map.entry("konce/registry/RegistryServer.open", "opens a Chain and Bindings"));

    /// A method: the class, its name, its descriptor.
    private record Method(String owner, String name, String type) {
        String place() {
            return owner + "." + name;
        }
    }

    private final Map<Method, Compiled> decoders = new HashMap<>();
    /// What each method of a main class refers to, and what the whole module `fuzz` does.
    private final Map<Method, Set<Method>> references = new HashMap<>();

    private final Set<Method> between = new HashSet<>();
    private final Set<Method> fuzzed = new HashSet<>();

    private Decoders(Building building) {
        for (Compiled compiled : building.compiled()) {
            boolean fuzz = compiled.module().equals("fuzz");
            if (!fuzz && !(compiled.isMain() && MODULES.contains(compiled.module()))) {
                continue;
            }
            for (MethodModel model : compiled.model().methods()) {
                Method method = new Method(
                        compiled.internalName(),
                        model.methodName().stringValue(),
                        model.methodType().stringValue());
                Set<Method> used = used(model);
                if (fuzz) {
                    fuzzed.addAll(used);
                } else {
                    references.put(method, used);
                    if (isDecoder(model)) {
                        decoders.put(method, compiled);
                    } else if (model.flags().has(AccessFlag.PRIVATE)) {
                        between.add(method);
                    }
                }
            }
        }
    }

    private static boolean isDecoder(MethodModel model) {
        boolean named = NAMED.matcher(model.methodName().stringValue()).matches()
                || nameOf(model.methodTypeSymbol().returnType()).equals(DECODED);
        return named
                && !model.flags().has(AccessFlag.PRIVATE)
                && !model.flags().has(AccessFlag.ABSTRACT)
                && !model.flags().has(AccessFlag.SYNTHETIC)
                && model.methodTypeSymbol().parameterList().stream()
                        .map(Decoders::nameOf)
                        .anyMatch(TAKING::contains);
    }

    private static String nameOf(ClassDesc type) {
        return type.packageName().isEmpty() ? type.displayName() : type.packageName() + "." + type.displayName();
    }

    /// Decoders without a target.
    static List<String> withoutTarget(Building building) {
        Decoders all = new Decoders(building);
        Set<Method> reached = all.reached();
        Set<String> offences = new TreeSet<>();
        all.decoders.forEach((method, compiled) -> {
            if (!reached.contains(method) && !NONE.containsKey(method.place())) {
                offences.add(compiled.source().text().path() + ": " + method.place() + method.type()
                        + " reads what others wrote and is not fuzzed; give it a target in module fuzz");
            }
        });
        return new ArrayList<>(offences);
    }

    /// Exceptions for methods that are no longer there.
    static List<String> unneeded(Building building) {
        Set<String> places = new HashSet<>();
        new Decoders(building).decoders.keySet().forEach(method -> places.add(method.place()));
        return NONE.keySet().stream()
                .filter(place -> !places.contains(place))
                .map(place -> "house/src/test/java/konce/house/Decoders.java: " + place
                        + " is no decoder; take it off the list of exceptions")
                .toList();
    }

    /// How many decoders there are.
    static int count(Building building) {
        return new Decoders(building).decoders.size();
    }

    /// The decoders that a class of `fuzz` refers to, and those that they refer to in turn, also through a private
    /// method
    /// or a lambda.
    private Set<Method> reached() {
        Set<Method> reached = new HashSet<>();
        Deque<Method> next = new ArrayDeque<>(fuzzed);
        while (!next.isEmpty()) {
            Method method = next.pop();
            if ((decoders.containsKey(method) || between.contains(method)) && reached.add(method)) {
                next.addAll(references.getOrDefault(method, Set.of()));
            }
        }
        return reached;
    }

    private static Set<Method> used(MethodModel model) {
        Set<Method> used = new HashSet<>();
        model.code()
                .ifPresent(code -> code.forEach(element -> {
                    switch (element) {
                        case InvokeInstruction call ->
                            used.add(new Method(
                                    call.owner().asInternalName(),
                                    call.name().stringValue(),
                                    call.type().stringValue()));
                        case InvokeDynamicInstruction call ->
                            call.bootstrapArgs().forEach(argument -> {
                                if (argument instanceof DirectMethodHandleDesc handle) {
                                    used.add(of(handle));
                                }
                            });
                        default -> {}
                    }
                }));
        return used;
    }

    private static Method of(DirectMethodHandleDesc handle) {
        String owner = handle.owner().descriptorString();
        return new Method(owner.substring(1, owner.length() - 1), handle.methodName(), handle.lookupDescriptor());
    }
}
