package konce.fuzz;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// One process of Jazzer, fuzzing one group.
final class FuzzRun {
    /// Inputs that are kept for a target, not counting findings.
    private static final int KEPT_MAX = 24;

    private static final int TAIL_LINES = 60;
    private static final long PROGRESS_NANOS = 5_000_000_000L;
    private static final Pattern AT = Pattern.compile("#(\\d+)\\s+\\w+.*");

    /// What a process does.
    ///
    /// @param only the one target of the group; empty: all
    record Part(String group, String only, long executions) {}

    private final Part part;
    private final Corpus kept;
    private final List<Target> targets;
    private final Path found;
    private final Path artifacts;
    private final Path scratch;
    private final Map<String, Long> counts = new LinkedHashMap<>();
    private final Deque<String> tail = new ArrayDeque<>();
    private long nextProgressNanos = System.nanoTime();

    FuzzRun(Path scratch, Part part, Corpus kept) throws IOException {
        this.part = part;
        this.kept = kept;
        this.scratch = scratch;
        targets = Fuzzer.wanted(part.group(), part.only(), scratch);
        found = Files.createDirectories(scratch.resolve("found-" + part.group() + part.only()));
        artifacts = Files.createDirectories(scratch.resolve("artifacts"));
        for (int i = 0; i < targets.size(); i++) {
            int number = 0;
            for (byte[] input : kept.inputs(targets.get(i).name())) {
                byte[] bytes = new byte[input.length + 1];
                bytes[0] = (byte) i;
                System.arraycopy(input, 0, bytes, 1, input.length);
                Files.write(found.resolve("kept-" + i + "-" + number++), bytes);
            }
        }
    }

    /// Executions of each target.
    Map<String, Long> counts() {
        return counts;
    }

    /// Fuzzes.
    ///
    /// @return whether nothing broke
    boolean run() throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "-runs=" + part.executions(),
                "-max_len=" + (Target.INPUT_BYTES_MAX + 1),
                "-timeout=20",
                "-artifact_prefix=" + artifacts + "/",
                found.toString());
        if (process(arguments) == 0) {
            return true;
        }
        tail.forEach(System.err::println);
        keepFindings();
        return false;
    }

    private int process(List<String> arguments) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
        Thread ending = new Thread(process::destroy);
        Runtime.getRuntime().addShutdownHook(ending);
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(this::heard);
        }
        int status = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(ending);
        return status;
    }

    private List<String> command(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-ea",
                "-XX:+EnableDynamicAgentLoading",
                "-XX:-CreateCoredumpOnCrash",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-D" + Fuzzer.GROUP + "=" + part.group(),
                "-D" + Fuzzer.ONLY + "=" + part.only(),
                "-D" + Fuzzer.SCRATCH + "=" + scratch,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--reproducer_path=" + artifacts,
                "--target_class=" + Fuzzer.class.getName(),
                "--instrumentation_includes=konce.**",
                "--instrumentation_excludes=konce.fuzz.**",
                // our own bytes are no object streams, and files in a scratch folder are meant
                "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.*"));
        command.addAll(arguments);
        return command;
    }

    private void heard(String line) {
        tail.add(line);
        if (tail.size() > TAIL_LINES) {
            tail.remove();
        }
        Matcher at = AT.matcher(line);
        if (line.startsWith(Fuzzer.COUNT)) {
            String[] words = line.substring(Fuzzer.COUNT.length()).split(" ");
            counts.put(words[0], Long.valueOf(words[1]));
        } else if (at.matches() && System.nanoTime() >= nextProgressNanos) {
            nextProgressNanos = System.nanoTime() + PROGRESS_NANOS;
            System.err.printf(
                    Locale.ROOT,
                    "%s %s: %,d of %,d%n",
                    part.group(),
                    part.only(),
                    Long.valueOf(at.group(1)),
                    part.executions());
        }
    }

    private void keepFindings() throws IOException {
        try (Stream<Path> files = Files.list(artifacts)
                .filter(file -> !file.getFileName().toString().endsWith(".java"))) {
            for (Path file : files.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    Target target = targets.get((bytes[0] & 0xFF) % targets.size());
                    byte[] input = Arrays.copyOfRange(bytes, 1, bytes.length);
                    kept.keepFinding(target.name(), input, "broke something; say what it was, once it is mended");
                    System.err.println("FOUND: " + target.name() + " with "
                            + HexFormat.of().formatHex(input) + ", kept in " + kept.file(target.name()));
                }
            }
        }
    }

    /// Keeps the fewest inputs that reach everything that was reached, and of those at most [#KEPT_MAX] a target,
    /// short
    /// ones and long ones.
    void keep() throws IOException, InterruptedException {
        Path least = Files.createDirectories(scratch.resolve("least-" + part.group() + part.only()));
        if (process(List.of(
                        "-merge=1",
                        "-max_len=" + (Target.INPUT_BYTES_MAX + 1),
                        "-artifact_prefix=" + artifacts + "/",
                        least.toString(),
                        found.toString()))
                != 0) {
            tail.forEach(System.err::println);
            throw new IOException("the inputs of " + part.group() + " could not be put together");
        }
        Map<Integer, List<byte[]>> byTarget = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(least)) {
            for (Path file : files.sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (bytes.length > 0) {
                    byTarget.computeIfAbsent((bytes[0] & 0xFF) % targets.size(), _ -> new ArrayList<>())
                            .add(Arrays.copyOfRange(bytes, 1, bytes.length));
                }
            }
        }
        for (int i = 0; i < targets.size(); i++) {
            List<byte[]> inputs = new ArrayList<>(byTarget.getOrDefault(i, List.of()));
            inputs.sort(java.util.Comparator.comparingInt(bytes -> bytes.length));
            kept.replace(targets.get(i).name(), some(inputs));
        }
    }

    private static List<byte[]> some(List<byte[]> inputs) {
        if (inputs.size() <= KEPT_MAX) {
            return inputs;
        }
        List<byte[]> some = new ArrayList<>();
        for (int i = 0; i < KEPT_MAX; i++) {
            some.add(inputs.get(i * (inputs.size() - 1) / (KEPT_MAX - 1)));
        }
        return some;
    }
}
