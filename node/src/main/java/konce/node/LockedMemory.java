package konce.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How much memory this process may keep out of swap, as the system's files say.
public final class LockedMemory {
    private static final Pattern LIMIT = Pattern.compile("Max locked memory +(\\d+).*");
    private static final Pattern CAPABILITIES = Pattern.compile("CapEff:\\s*([0-9a-f]{16})");

    /// CAP_IPC_LOCK: whom it is given, root mostly, no limit holds.
    private static final int IPC_LOCK = 14;

    private LockedMemory() {}

    /// Bytes; [Long#MAX_VALUE] where there is no limit, or the system does not say.
    ///
    /// @param root where `/proc` is: `/`, or a test's stand-in
    public static long bytesMax(Path root) {
        Path process = root.resolve("proc/self");
        Matcher capabilities = find(process.resolve("status"), CAPABILITIES);
        if (capabilities != null && (Long.parseUnsignedLong(capabilities.group(1), 16) >>> IPC_LOCK & 1) == 1) {
            return Long.MAX_VALUE;
        }
        Matcher limit = find(process.resolve("limits"), LIMIT);
        return limit == null ? Long.MAX_VALUE : Long.parseLong(limit.group(1));
    }

    private static @Nullable Matcher find(Path file, Pattern line) {
        try {
            for (String text : Files.readAllLines(file)) {
                Matcher matcher = line.matcher(text);
                if (matcher.matches()) {
                    return matcher;
                }
            }
        } catch (IOException _) {
            // not Linux, or not allowed
        }
        return null;
    }
}
