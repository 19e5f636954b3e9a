package konce.bench.process;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process has used so far.
///
/// @param cpuNanos processor time, of all threads, also the Java machine's own
/// @param allocatedBytes allocated on the heap, by all threads
/// @param heapBytes on the heap now, garbage among it
/// @param residentBytes of memory now; 0 where the system does not say
public record Usage(long cpuNanos, long allocatedBytes, long heapBytes, long residentBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final int KIBIBYTE = 1 << 10;

    /// What this process has used.
    public static Usage now() {
        return new Usage(
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime(),
                ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                readResidentBytes());
    }

    /// What was used since `before`; of memory, what was taken since.
    public Usage since(Usage before) {
        return new Usage(
                cpuNanos - before.cpuNanos,
                allocatedBytes - before.allocatedBytes,
                heapBytes - before.heapBytes,
                residentBytes - before.residentBytes);
    }

    /// Both together.
    public Usage plus(Usage other) {
        return new Usage(
                cpuNanos + other.cpuNanos,
                allocatedBytes + other.allocatedBytes,
                heapBytes + other.heapBytes,
                residentBytes + other.residentBytes);
    }

    private static long readResidentBytes() {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
                }
            }
            return 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
