package konce.bench.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// All processes of one run. They end with it: closed, or because their standard input ends when we do.
public final class Children implements AutoCloseable {
    /// The options of every Java process, the same for all who are compared.
    ///
    /// - the serial collector: on few cores, the one that leaves most time for the rest
    /// - Netty's leak detector is for development, and Netty's documentation says to switch it off for measurements
    public static final List<String> JAVA_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-Xms64m",
            "-Xmx1g",
            "-XX:MaxDirectMemorySize=1g",
            "-XX:-UsePerfData",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-Dio.netty.leakDetection.level=disabled");

    /// What a process is given beside its arguments.
    ///
    /// @param options more options of the Java machine
    /// @param environment more environment variables
    /// @param niceness how much it gives way to others for a processor: 0 as everybody, up to 19
    public record Surroundings(List<String> options, Map<String, String> environment, int niceness) {
        public static final Surroundings USUAL = new Surroundings(List.of(), Map.of(), 0);
    }

    private final Path logs;
    private final Queue<Child> children = new ConcurrentLinkedQueue<>();

    /// @param logs a folder for what the children say on standard error
    public Children(Path logs) throws IOException {
        this.logs = Files.createDirectories(logs);
    }

    /// Starts a Java process with our class path.
    ///
    /// @param name what people call it; its log is named after it
    /// @param main a class whose `main` calls [Answering#run]
    public Child java(String name, Surroundings surroundings, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (surroundings.niceness > 0) {
            command.addAll(List.of("nice", "-n", Integer.toString(surroundings.niceness)));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_OPTIONS);
        command.addAll(surroundings.options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        File log = logs.resolve(name.replaceAll("\\W+", "-") + ".log").toFile();
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().putAll(surroundings.environment);
        Child child = new Child(name, builder.start());
        children.add(child);
        return child;
    }

    /// Ends one.
    public void end(Child child) {
        children.remove(child);
        child.close();
    }

    /// Ends them all.
    @Override
    public void close() {
        for (Child child = children.poll(); child != null; child = children.poll()) {
            child.close();
        }
    }
}
