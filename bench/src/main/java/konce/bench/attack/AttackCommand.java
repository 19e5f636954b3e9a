package konce.bench.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import konce.bench.peer.Credentials;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce bench attack`.
@Command(
        name = "attack",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Flood Konce and its peers over the loopback interface, with honest clients beside the flood.",
            "",
            "A victim, a flooder and honest clients are processes of their own. The flooder gives way to the others"
                    + " for a processor (nice), and sends what it can. Honest clients come at an even pace, each with 50"
                    + " ms between it and the server each way, and count when their reply is there within three times what"
                    + " it takes in peace.",
        },
        footer = {
            "",
            "A bar that is missed is said, and is no failure. Status 1: something could not be measured.",
            "",
            "Examples:",
            "  konce bench attack --quick                       everything, in three minutes",
            "  konce bench attack --victims konce --only copies one flood at one victim",
            "  konce bench attack --minutes 5                   at Konce alone, until memory is known to be flat",
        })
public final class AttackCommand implements Callable<Integer> {
    private static final List<String> VICTIMS =
            List.of(Victim.KONCE, "netty-quic", "netty-quic" + Victim.GUARDED, "tls-boringssl-aes");
    private static final int MILLIS = 10_000;
    private static final int MILLIS_QUICK = 4_000;
    private static final int WARM_UP_MILLIS = 6_000;
    private static final int WARM_UP_MILLIS_QUICK = 2_500;
    private static final double VISITS_PER_SECOND = 20;
    private static final double CROWD_PER_SECOND = 40;
    private static final int CROWD_MILLIS = 5_000;
    private static final int BURST = 16;

    @Option(names = "--quick", description = "Shorter floods: three minutes in all.")
    boolean quick;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description =
                    "Flood Konce alone, with each kind in turn, for so long; what is asked is whether memory grows.")
    int minutes;

    @Option(names = "--victims", split = ",", paramLabel = "NAME", description = "Only victims whose names begin so.")
    List<String> victims = List.of();

    @Option(names = "--only", split = ",", paramLabel = "FLOOD", description = "Only these floods.")
    List<String> only = List.of();

    @Option(
            names = "--burst",
            paramLabel = "N",
            description = "Datagrams to a send of a flood, which the kernel takes apart (default: ${DEFAULT-VALUE}).")
    int burst = BURST;

    @Option(
            names = "--per-second",
            paramLabel = "N",
            description = "Datagrams of a flood in a second, at most (default: as many as go).")
    long perSecond;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "target/bench",
            description = "Where attack.md, attack.svg and the logs go (default: ${DEFAULT-VALUE}).")
    Path out = Path.of("target/bench");

    @Option(names = "--json", paramLabel = "FILE", description = "Also write every sample and bar as JSON.")
    @Nullable
    Path json;

    private final AttackReport report = new AttackReport();

    @Override
    public Integer call() throws Exception {
        Files.createDirectories(out);
        Path scratch = Files.createTempDirectory("konce-bench-");
        try (Children children = new Children(out.resolve("logs"))) {
            Credentials.make(scratch);
            if (minutes > 0) {
                endure(children, scratch);
            } else {
                for (String victim : VICTIMS) {
                    if (victims.isEmpty() || victims.stream().anyMatch(victim::startsWith)) {
                        besiege(victim, children, scratch);
                    }
                }
            }
        } finally {
            try (var files = Files.list(scratch)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(scratch);
        }
        report.judge(minutes > 0);
        System.out.print(report.terminal());
        Files.writeString(out.resolve("attack.md"), report.markdown());
        Files.writeString(out.resolve("attack.svg"), report.svg());
        if (json != null) {
            Files.writeString(json, report.json());
        }
        return report.isWhole() ? 0 : 1;
    }

    private int millis() {
        return quick ? MILLIS_QUICK : MILLIS;
    }

    private Siege.Pressure pressure(long millis) {
        return new Siege.Pressure(VISITS_PER_SECOND, millis, perSecond, burst);
    }

    private List<Flood> floods(String victim) {
        List<Flood> all = victim.equals(Victim.KONCE)
                ? Flood.atKonce()
                : victim.startsWith("tls") ? Flood.atTls() : Flood.atQuic();
        return only.isEmpty()
                ? all
                : all.stream().filter(flood -> only.contains(flood.word())).toList();
    }

    private void besiege(String victim, Children children, Path scratch)
            throws IOException, ChildException, InterruptedException {
        try (Siege siege = Siege.of(victim, children, scratch)) {
            warmUp(siege);
            add(siege.peace(pressure(millis())));
            for (Flood flood : floods(victim)) {
                add(siege.flood(flood, pressure(millis())));
            }
            if (victim.equals(Victim.KONCE) && (only.isEmpty() || only.contains("crowd"))) {
                add(siege.crowd(new Siege.Pressure(CROWD_PER_SECOND, CROWD_MILLIS, perSecond, burst)));
            }
        }
    }

    private void warmUp(Siege siege) throws InterruptedException {
        int millis = quick ? WARM_UP_MILLIS_QUICK : WARM_UP_MILLIS;
        siege.peace(new Siege.Pressure(5 * VISITS_PER_SECOND, millis, 0, 1));
        siege.flood(Flood.GARBAGE, pressure(millis / 4));
    }

    /// The floods in turn, each for as long as a cookie is surely good, until time is up.
    private void endure(Children children, Path scratch) throws IOException, ChildException, InterruptedException {
        try (Siege siege = Siege.of(Victim.KONCE, children, scratch)) {
            warmUp(siege);
            add(siege.peace(pressure(millis())));
            List<Flood> floods = floods(Victim.KONCE);
            long endNanos = System.nanoTime() + minutes * 60_000_000_000L;
            for (int i = 0; System.nanoTime() - endNanos < 0; i++) {
                add(siege.flood(floods.get(i % floods.size()), pressure(MILLIS)));
            }
        }
    }

    private void add(Phase phase) {
        report.add(phase);
        System.err.printf(
                Locale.ROOT,
                "%-24s %-50s honest %3.0f %% of %d, median %.0f ms%s%n",
                phase.victim(),
                phase.what(),
                100 * phase.completed(),
                phase.visits().size(),
                phase.latency(0.5),
                phase.problem() == null ? "" : "; " + phase.problem());
    }
}
