package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// Asks the system not to let this process's memory out: no core file, and on Linux no debugger of the same user and no
/// reading of `/proc/<pid>/mem`. For the daemon, at its start; the best that the system allows, and it says what that
/// was. Afterwards diagnostic tools (jcmd, heap dumps by attaching) of an ordinary user no longer reach the process.
/// - source: prctl(2) PR_SET_DUMPABLE, setrlimit(2) RLIMIT_CORE
public final class ProcessHardening {
    private static final int PR_SET_DUMPABLE = 4;
    private static final int RLIMIT_CORE = 4; // the same number on Linux and macOS

    private ProcessHardening() {}

    /// What was achieved.
    /// - `undumpable`: the kernel treats the process as not dumpable (Linux only)
    /// - `noCoreFile`: the limit on core files is zero
    public record Result(boolean undumpable, boolean noCoreFile) {
        /// A sentence for the log.
        @Override
        public String toString() {
            return (noCoreFile ? "core files are off" : "core files could not be turned off")
                    + (undumpable ? ", memory is closed to debuggers" : ", memory is open to debuggers of this user");
        }
    }

    /// Applies what the system offers. Never throws for a system that offers nothing.
    public static Result apply() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean linux = os.startsWith("linux");
        boolean mac = os.startsWith("mac");
        return new Result(linux && forbidDumping(), (linux || mac) && forbidCoreFile());
    }

    private static boolean forbidDumping() {
        MethodHandle prctl = systemFunction(
                "prctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
        try {
            return (int) prctl.invokeExact(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) == 0;
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    private static boolean forbidCoreFile() {
        MethodHandle setrlimit = systemFunction(
                "setrlimit", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment noBytes = arena.allocate(2 * Long.BYTES, Long.BYTES); // soft and hard limit: zero
            return (int) setrlimit.invokeExact(RLIMIT_CORE, noBytes.address()) == 0;
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle systemFunction(String name, FunctionDescriptor shape, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup system = linker.defaultLookup();
        return linker.downcallHandle(system.findOrThrow(name), shape, options);
    }
}
