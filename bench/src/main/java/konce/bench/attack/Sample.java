package konce.bench.attack;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import konce.crypto.GroupOperations;

/// What a victim is at a moment. Counters count since its process began.
///
/// @param nanos of this machine's steady time
/// @param received datagrams its socket has read; 0 where it does not count them
/// @param socketDrops datagrams the kernel dropped because the socket was full
/// @param cpuNanos processor time of the whole process
/// @param loopAllocatedBytes allocated by the thread that serves the socket
/// @param groupOperations multiplications on ristretto255
/// @param agreements key agreements that have run
/// @param effort asked of everybody
/// @param channels connections open
/// @param heapBytes on the heap now
/// @param liveBytes on the heap after the last collection
/// @param residentBytes of memory
/// @param refused datagrams by the reason they were refused for
public record Sample(
        long nanos,
        long received,
        long socketDrops,
        long cpuNanos,
        long loopAllocatedBytes,
        long groupOperations,
        long agreements,
        long effort,
        long channels,
        long heapBytes,
        long liveBytes,
        long residentBytes,
        Map<String, Long> refused) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final List<Path> SOCKETS = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));
    private static final int KIBIBYTE = 1 << 10;
    private static final Map<String, Long> LOOPS = new ConcurrentHashMap<>();

    /// What only the victim knows of itself.
    record Own(long received, long agreements, long effort, long channels, Map<String, Long> refused) {
        static final Own NOTHING = new Own(0, 0, 0, 0, Map.of());
    }

    /// @param port of its socket
    /// @param loop what the name of the thread that serves it begins with
    static Sample now(int port, String loop, Own own) throws IOException {
        return new Sample(
                System.nanoTime(),
                own.received,
                socketDrops(port),
                ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime(),
                loopAllocatedBytes(loop),
                GroupOperations.done(),
                own.agreements,
                own.effort,
                own.channels,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                readLiveBytes(),
                readResidentBytes(),
                own.refused);
    }

    private static long loopAllocatedBytes(String loop) {
        Long id = LOOPS.computeIfAbsent(loop, name -> {
            for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
                if (thread != null && thread.getThreadName().startsWith(name)) {
                    return thread.getThreadId();
                }
            }
            return -1L;
        });
        return id < 0 ? 0 : THREADS.getThreadAllocatedBytes(id);
    }

    private static long readLiveBytes() {
        long live = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage after = pool.getCollectionUsage();
            live += after == null ? 0 : after.getUsed();
        }
        return live;
    }

    private static long readResidentBytes() throws IOException {
        for (String line : Files.readAllLines(STATUS)) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE;
            }
        }
        return 0;
    }

    /// The last column of the socket's row in the kernel's table.
    private static long socketDrops(int port) throws IOException {
        String suffix = String.format(":%04X", port);
        for (Path table : SOCKETS) {
            for (String line : Files.readAllLines(table)) {
                String[] fields = line.trim().split("\\s+");
                if (fields.length > 1 && fields[1].endsWith(suffix)) {
                    return Long.parseLong(fields[fields.length - 1]);
                }
            }
        }
        return 0;
    }
}
