package konce.house;

import java.lang.classfile.CodeElement;
import java.lang.classfile.Instruction;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.LineNumber;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import konce.house.Building.Compiled;

/// What may not be called, or used at all, and where.
final class Calls {
    private static final Set<String> CORE = Set.of("protocol", "names", "simulator");
    private static final Set<String> SANS_IO = Set.of("protocol", "names");
    private static final Set<String> ANYWHERE = Imports.MODULES.keySet();

    /// Sources of the simulator that stand outside the simulation, and why the core's bans do not concern them.
    private static final Map<String, String> OUTSIDE_THE_CORE = Map.of(
            "simulator/src/main/java/konce/simulator/Campaign.java",
            "runs many seeds at once, each on a thread of its own");

    /// Sources that may sleep, and why. A thread that waits for the machine does so on a lock, a queue or a future.
    private static final Map<String, String> MAY_SLEEP = Map.of();

    /// Something that is banned.
    ///
    /// @param where the modules whose main classes may not
    /// @param inTests whether the tests of these modules may not either
    /// @param what an internal class name, with `*` at its end a prefix of them, with `.name` a method or field of
    /// it
    /// @param instead the replacement
    private record Ban(Set<String> where, boolean inTests, String what, String instead) {
        boolean isMember() {
            return what.indexOf('.') >= 0;
        }

        boolean hits(String used) {
            return what.endsWith("*")
                    ? used.startsWith(what.substring(0, what.length() - 1))
                    : used.equals(what) || (!isMember() && used.startsWith(what + "$"));
        }

        boolean concerns(Compiled compiled) {
            return where.contains(compiled.module())
                    && (compiled.isMain() || inTests)
                    && (where.equals(ANYWHERE) || !isOutsideTheCore(compiled));
        }
    }

    private static final String TIME = "take `long nowNanos` as an argument";
    private static final String CHANCE = "draw from the RandomSource given at construction";
    private static final String SINGLE = "the core has one owner: return, and let the driver call again";
    private static final String IO = "hand bytes to the caller: sockets and disks begin in node";
    private static final String TELL = "return a reason or an Event: the caller says it";
    private static final String NO_SLEEP =
            "wait for a future, a queue or a latch, with a limit; in the core pass the time";

    private static final List<Ban> BANS = List.of(
            new Ban(CORE, false, "java/lang/System.nanoTime", TIME),
            new Ban(CORE, false, "java/lang/System.currentTimeMillis", TIME),
            new Ban(CORE, false, "java/time/Instant.now", TIME),
            new Ban(CORE, false, "java/time/InstantSource.system", TIME),
            new Ban(CORE, false, "java/time/LocalDate.now", TIME),
            new Ban(CORE, false, "java/time/LocalDateTime.now", TIME),
            new Ban(CORE, false, "java/time/ZonedDateTime.now", TIME),
            new Ban(CORE, false, "java/time/Clock", TIME),
            new Ban(CORE, false, "java/util/Random", CHANCE),
            new Ban(CORE, false, "java/lang/Math.random", CHANCE),
            new Ban(CORE, false, "java/security/SecureRandom", CHANCE),
            new Ban(CORE, false, "java/util/concurrent/ThreadLocalRandom", CHANCE),
            new Ban(CORE, false, "java/util/random/RandomGenerator.getDefault", CHANCE),
            new Ban(CORE, false, "java/util/random/RandomGenerator.of", CHANCE),
            new Ban(CORE, false, "java/util/random/RandomGeneratorFactory", CHANCE),
            new Ban(SANS_IO, false, "java/util/SplittableRandom", CHANCE),
            new Ban(CORE, false, "java/util/UUID.randomUUID", CHANCE),
            new Ban(CORE, false, "java/util/Collections.shuffle", CHANCE),
            new Ban(CORE, false, "java/lang/Thread", SINGLE),
            new Ban(CORE, false, "java/lang/Object.wait", SINGLE),
            new Ban(CORE, false, "java/lang/Object.notify", SINGLE),
            new Ban(CORE, false, "java/lang/Object.notifyAll", SINGLE),
            new Ban(SANS_IO, false, "java/util/concurrent/*", SINGLE),
            new Ban(CORE, false, "java/net/Socket", IO),
            new Ban(CORE, false, "java/net/ServerSocket", IO),
            new Ban(CORE, false, "java/net/DatagramSocket", IO),
            new Ban(CORE, false, "java/net/MulticastSocket", IO),
            new Ban(CORE, false, "java/net/DatagramPacket", IO),
            new Ban(CORE, false, "java/net/URLConnection", IO),
            new Ban(CORE, false, "java/net/http/*", IO),
            new Ban(CORE, false, "java/net/InetAddress.getByName", IO),
            new Ban(CORE, false, "java/net/InetAddress.getAllByName", IO),
            new Ban(CORE, false, "java/net/InetAddress.getLocalHost", IO),
            new Ban(CORE, false, "java/nio/channels/*", IO),
            new Ban(SANS_IO, false, "java/nio/file/*", IO),
            new Ban(SANS_IO, false, "java/io/File*", IO),
            new Ban(CORE, false, "java/lang/System$Logger", TELL),
            new Ban(CORE, false, "java/lang/System.getLogger", TELL),
            new Ban(CORE, false, "java/util/logging/*", TELL),
            new Ban(CORE, false, "org/slf4j/*", TELL),
            new Ban(CORE, false, "java/lang/System.out", TELL),
            new Ban(CORE, false, "java/lang/System.err", TELL),
            new Ban(ANYWHERE, true, "sun/misc/Unsafe", "use MemorySegment and VarHandle"),
            new Ban(ANYWHERE, true, "jdk/internal/misc/*", "use MemorySegment and VarHandle"),
            new Ban(ANYWHERE, true, "java/io/ObjectInputStream", "write a format of our own"),
            new Ban(ANYWHERE, true, "java/io/ObjectOutputStream", "write a format of our own"),
            new Ban(ANYWHERE, true, "java/lang/ThreadLocal", "pass it as an argument"),
            new Ban(ANYWHERE, true, "java/lang/ref/Finalizer", "close it, in an Arena or a try"));

    private static final List<Ban> SLEEPS = List.of(
            new Ban(ANYWHERE, true, "java/lang/Thread.sleep", NO_SLEEP),
            new Ban(ANYWHERE, true, "java/util/concurrent/TimeUnit.sleep", NO_SLEEP),
            new Ban(ANYWHERE, true, "java/util/concurrent/locks/LockSupport.parkNanos", NO_SLEEP));

    private static final Set<String> BINDING =
            Set.of("java/net/InetSocketAddress", "java/net/ServerSocket", "java/net/DatagramSocket", "java/net/Socket");

    private Calls() {}

    /// Classes and members that are used where they are banned.
    static List<String> banned(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            find(compiled, BANS, offences);
        }
        return offences;
    }

    /// Calls that sleep, in main classes and tests.
    static List<String> sleeping(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            if (!MAY_SLEEP.containsKey(compiled.source().text().path())) {
                find(compiled, SLEEPS, offences);
            }
        }
        return offences;
    }

    /// Locks taken in the core.
    static List<String> locking(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            if (!CORE.contains(compiled.module()) || !compiled.isMain() || isOutsideTheCore(compiled)) {
                continue;
            }
            for (MethodModel method : compiled.model().methods()) {
                if (method.flags().has(AccessFlag.SYNCHRONIZED)) {
                    offences.add(compiled.source().text().path() + ": synchronized "
                            + method.methodName().stringValue() + "; " + SINGLE);
                }
            }
            each(compiled, (place, element, _) -> {
                if (element instanceof MonitorInstruction monitor
                        && monitor.opcode().name().equals("MONITORENTER")) {
                    offences.add(place + ": synchronized; " + SINGLE);
                }
            });
        }
        return offences;
    }

    /// Finalizers, and classes that ask to be serialized.
    static List<String> inheriting(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            String path = compiled.source().text().path();
            if (compiled.model().interfaces().stream()
                    .anyMatch(i -> i.asInternalName().equals("java/io/Serializable"))) {
                offences.add(path + ": implements Serializable; write a format of our own");
            }
            for (MethodModel method : compiled.model().methods()) {
                if (method.methodName().equalsString("finalize")
                        && method.methodType().equalsString("()V")) {
                    offences.add(path + ": has a finalizer; close it, in an Arena or a try");
                }
            }
        }
        return offences;
    }

    /// Tests that name a port: a constant other than 0 right before an address or socket is made.
    static List<String> fixedPorts(Building building) {
        List<String> offences = new ArrayList<>();
        for (Compiled compiled : building.compiled()) {
            if (compiled.isMain()) {
                continue;
            }
            each(compiled, (place, element, before) -> {
                if (element instanceof InvokeInstruction call
                        && BINDING.contains(call.owner().asInternalName())
                        && call.name().equalsString("<init>")
                        && call.type().stringValue().contains("I")
                        && before instanceof ConstantInstruction constant
                        && constant.constantValue() instanceof Integer port
                        && port != 0) {
                    offences.add(place + ": port " + port + " may be taken; bind port 0 and ask which it became");
                }
            });
        }
        return offences;
    }

    private static boolean isOutsideTheCore(Compiled compiled) {
        return OUTSIDE_THE_CORE.containsKey(compiled.source().text().path());
    }

    private static void find(Compiled compiled, List<Ban> bans, List<String> offences) {
        List<Ban> concerned =
                bans.stream().filter(ban -> ban.concerns(compiled)).toList();
        if (concerned.isEmpty()) {
            return;
        }
        Set<String> used = new TreeSet<>(Imports.used(compiled));
        for (PoolEntry entry : compiled.model().constantPool()) {
            if (entry instanceof MemberRefEntry member) {
                used.add(member.owner().asInternalName() + "." + member.name().stringValue());
            }
        }
        for (Ban ban : concerned) {
            for (String name : used) {
                if ((name.indexOf('.') >= 0) == ban.isMember() && ban.hits(name)) {
                    offences.add(placeOf(compiled, name) + ": " + name + " is banned in " + compiled.module() + "; "
                            + ban.instead());
                }
            }
        }
    }

    /// The first line that uses a class or member; without a line where it is not in code.
    private static String placeOf(Compiled compiled, String name) {
        List<String> places = new ArrayList<>();
        each(compiled, (place, element, _) -> {
            boolean uses = switch (element) {
                case InvokeInstruction call ->
                    isUsed(call.owner().asInternalName(), call.name().stringValue(), name);
                case FieldInstruction field ->
                    isUsed(field.owner().asInternalName(), field.name().stringValue(), name);
                case NewObjectInstruction made ->
                    made.className().asInternalName().equals(name);
                case InvokeDynamicInstruction dynamic ->
                    dynamic.bootstrapArgs().toString().contains(name.substring(name.lastIndexOf('/') + 1));
                default -> false;
            };
            if (uses) {
                places.add(place);
            }
        });
        return places.isEmpty() ? compiled.source().text().path() : places.getFirst();
    }

    private static boolean isUsed(String owner, String member, String name) {
        return owner.equals(name) || (owner + "." + member).equals(name);
    }

    private interface Visitor {
        void visit(String place, CodeElement element, CodeElement before);
    }

    /// Every instruction of a class with its place, `path:line`, and the instruction before it.
    private static void each(Compiled compiled, Visitor visitor) {
        for (MethodModel method : compiled.model().methods()) {
            int line = 0;
            CodeElement before = null;
            for (CodeElement element :
                    method.code().map(code -> code.elementList()).orElse(List.of())) {
                if (element instanceof LineNumber number) {
                    line = number.line();
                } else if (element instanceof Instruction) {
                    visitor.visit(compiled.source().text().path() + ":" + line, element, before);
                    before = element;
                }
            }
        }
    }
}
