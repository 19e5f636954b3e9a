package konce.names.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.crypto.VerifyingKey;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;

class DeterminismTest {
    /// Goal: the same transactions give the same blocks, byte for byte, whatever machine they meet. Method: three
    /// JVMs
    /// with other languages, time zones, identity hashes, collectors and numbers of threads make them.
    // = docs/spec/12-ledger.md R12.2 R12.26
    @Test
    void everyMachineMakesTheSameBlocks() throws IOException, InterruptedException, URISyntaxException {
        Set<String> made = new HashSet<>();
        made.addAll(run(1, "-XX:+UseSerialGC", "-Duser.language=en", "-XX:hashCode=5"));
        made.addAll(run(
                4,
                "-XX:+UseParallelGC",
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=Asia/Kathmandu",
                "-Dfile.encoding=UTF-16",
                "-XX:hashCode=2"));
        made.addAll(run(2, "-Xint", "-Duser.language=ar", "-Duser.country=EG", "-XX:hashCode=0"));
        assertEquals(1, made.size(), made.toString());
    }

    private static List<String> run(int threads, String... options)
            throws IOException, InterruptedException, URISyntaxException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.add("-XX:+UnlockExperimentalVMOptions");
        command.addAll(List.of(options));
        Path names = Path.of(
                Ledger.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> path = List.of(
                names.toString(),
                names.resolveSibling("test-classes").toString(),
                place(VerifyingKey.class),
                place(Address.class));
        command.addAll(List.of(
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(System.getProperty("path.separator"), path),
                DeterminismRun.class.getName(),
                Integer.toString(threads)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> !line.contains("WARNING"))
                .toList();
        assertEquals(0, process.waitFor(), lines.toString());
        assertEquals(threads, lines.size(), lines.toString());
        assertTrue(lines.getFirst().contains(" bytes, "), lines.toString());
        return lines;
    }

    private static String place(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }
}
