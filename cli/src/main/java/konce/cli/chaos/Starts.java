package konce.cli.chaos;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How the processes of a trial are started.
public interface Starts {
    /// The command line that runs `konce` with these arguments.
    List<String> konce(List<String> arguments);

    /// The command line of a machine that orders; one that is broken on purpose is given here.
    default List<String> sequencer(List<String> arguments) {
        return konce(arguments);
    }

    /// This very `konce`, as small and as quick to start as can be.
    static Starts same() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx96m",
                "-Xss512k",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "--sun-misc-unsafe-memory-access=allow"));
        String modules = System.getProperty("jdk.module.path");
        String main = System.getProperty("jdk.module.main");
        String classes = System.getProperty("java.class.path");
        if (modules != null && "konce.cli".equals(main)) {
            command.addAll(List.of(
                    "--enable-native-access=ALL-UNNAMED,konce.crypto,io.netty.common,io.netty.transport,"
                            + "io.netty.transport.unix.common,io.netty.transport.classes.epoll",
                    "-cp",
                    classes,
                    "-p",
                    modules,
                    "--add-modules",
                    "ALL-MODULE-PATH,java.se,jdk.unsupported",
                    "-m",
                    "konce.cli/konce.cli.Main"));
        } else {
            String all = modules == null ? classes : classes + File.pathSeparator + modules;
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", all, "konce.cli.Main"));
        }
        return arguments -> {
            List<String> whole = new ArrayList<>(command);
            whole.addAll(arguments);
            return whole;
        };
    }
}
