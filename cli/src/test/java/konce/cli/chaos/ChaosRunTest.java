package konce.cli.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Machines and witnesses as processes, killed and paused: a few events of what `konce ledger chaos --events 1000`
/// does.
class ChaosRunTest {
    private static final int EVENTS = 8;
    private static final int SEQUENCERS = 3;
    private static final int WITNESSES = 4;

    /// What is broken on purpose need not be waited for long.
    private static final int RECOVERY_SECONDS = 5;

    @TempDir
    Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();

    /// Goal: kills and pauses lose nothing that was acknowledged, show no two roots at a height, and are got over.
    /// R16.6 R16.24
    @Test
    void nothingIsLost() throws Exception {
        ChaosReport report = new ChaosRun(
                        directory, SEQUENCERS, WITNESSES, Starts.same(), ChaosRun.RECOVERY_SECONDS_MAX, said::add)
                .run(EVENTS, 5);
        assertEquals(List.of(), report.violations(), said::toString);
        assertEquals(EVENTS, report.events());
        assertTrue(report.kills() > 0 && report.kills() < EVENTS, report::toString);
        assertTrue(report.acknowledged() > 0 && report.checkpoints() > 0 && report.signatures() > 0, report::toString);
    }

    /// Goal: a machine that acknowledges before a majority has a transaction is found out.
    @Test
    void aHastyMachineIsFoundOut() throws Exception {
        Starts same = Starts.same();
        Starts hasty = new Starts() {
            @Override
            public List<String> konce(List<String> arguments) {
                return same.konce(arguments);
            }

            @Override
            public List<String> sequencer(List<String> arguments) {
                return broken(same.konce(arguments));
            }
        };
        ChaosReport report =
                new ChaosRun(directory, SEQUENCERS, WITNESSES, hasty, RECOVERY_SECONDS, said::add).run(2 * EVENTS, 5);
        assertTrue(report.violations().stream().anyMatch(each -> each.startsWith("lost: ")), () -> report + " " + said);
    }

    /// The same command with another main class, whose classes lie beside these.
    private static List<String> broken(List<String> command) {
        String classes = Path.of(URI.create(
                        ChaosRunTest.class.getResource("ChaosRunTest.class").toString()))
                .getParent()
                .getParent()
                .getParent()
                .getParent()
                .toString();
        List<String> broken = new ArrayList<>(command);
        int at = broken.indexOf("-cp") + 1;
        broken.set(at, classes + File.pathSeparator + broken.get(at));
        broken.set(broken.indexOf("konce.cli.Main"), "konce.cli.HastyMain");
        return broken;
    }
}
