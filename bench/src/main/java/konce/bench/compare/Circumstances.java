package konce.bench.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import konce.bench.process.Children;
import konce.bench.report.Results;

/// Where and when a run was: what a reader must know to judge its figures.
final class Circumstances {
    private Circumstances() {}

    static void note(Results results, Plan plan, String commandLine) {
        results.note("command", "`" + commandLine + "`");
        results.note("begun", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        results.note("processor", processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores");
        results.note("system", property("os.name") + " " + property("os.version") + ", " + property("os.arch"));
        results.note("load before", load());
        results.note("Java", property("java.vm.name") + " " + property("java.vm.version"));
        results.note("options of every Java process", "`" + String.join(" ", Children.JAVA_OPTIONS) + "`");
        results.note(
                "rounds",
                plan.rounds() + ", each with every contestant once, in alternating order; a sample takes "
                        + plan.sampleMillis() + " ms, after " + plan.warmUpMillis() + " ms of warming up");
        results.note(
                "processes",
                "each contestant has a server and a client process of its own, over the loopback interface");
    }

    private static String property(String name) {
        return System.getProperty(name, "unknown");
    }

    private static String processor() {
        return line(Path.of("/proc/cpuinfo"), "model name");
    }

    private static String load() {
        return line(Path.of("/proc/loadavg"), "");
    }

    /// What stands behind the colon in the first line that begins so; the whole line where there is none.
    private static String line(Path file, String begin) {
        try {
            return Arrays.stream(Files.readString(file, StandardCharsets.UTF_8).split("\n"))
                    .filter(line -> line.startsWith(begin))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
