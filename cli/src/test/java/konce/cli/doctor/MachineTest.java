package konce.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import konce.cli.doctor.OffloadProbe.Offload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Goal: each thing that is looked at is called well where it is, and else what to change is said. Method: a stand-in
/// for the system's files, with good and with bad contents.
class MachineTest {
    @TempDir
    Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Machine machine() {
        return new Machine(root);
    }

    private static void well(Finding finding) {
        assertTrue(finding.isWell(), finding.toString());
    }

    private static void change(String words, Finding finding) {
        assertFalse(finding.isWell(), finding.toString());
        assertNotNull(finding.change());
        assertTrue(finding.change().contains(words), finding.toString());
    }

    @Test
    void smallBuffersNameTheLineThatRaisesThem() throws IOException {
        file("proc/sys/net/core/rmem_max", "212992\n");
        Finding small = machine().buffer("receive buffer", 425_984, "rmem_max");
        change("sudo sysctl -w net.core.rmem_max=4194304 ", small);
        assertTrue(small.state().contains("net.core.rmem_max is 212992"), small.state());
        well(machine().buffer("receive buffer", Machine.BUFFER_BYTES_WANTED, "rmem_max"));
        well(machine().buffer("send buffer", Machine.BUFFER_BYTES_WANTED, "wmem_max"));
        change("net.core.wmem_max=4194304", machine().buffer("send buffer", 1, "wmem_max"));
    }

    /// Goal: the kernel's settings are read whole, as `cat` reads them.
    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelsSettingsAreReadWhole() throws IOException {
        Process cat = new ProcessBuilder("cat", "/proc/sys/net/core/rmem_max").start();
        String most = new String(cat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        Finding found = Machine.ofProcess().buffer("receive buffer", 1, "rmem_max");
        assertEquals("1 bytes; net.core.rmem_max is " + most, found.state());
    }

    @Test
    void offloadIsWhatWasMeasured() {
        Offload without = new Offload(1.0, 1.2, 0, 0);
        change("UDP_SEGMENT", Machine.sending(without));
        change("UDP_GRO", Machine.receiving(without));
        Offload with = new Offload(40, 12.5, 0, 0);
        well(Machine.sending(with));
        assertEquals("works, 12.5", Machine.receiving(with).state());
    }

    @Test
    void anMtuBelowTheLeastDatagramIsNoPath() {
        change("mtu 1280", Machine.mtu("tun0", 1_240));
        well(Machine.mtu("tun0", 1_280));
        assertTrue(Machine.mtu("eth0", 9_000).meaning().contains("up to 8952 over IPv6"));
        assertTrue(Machine.mtu("lo", 65_536).meaning().contains("up to 65487 "));
    }

    @Test
    void theLimitOnLockedMemoryIsCountedInPresences() throws IOException {
        String line = "Max locked memory         %s              %s              bytes     \n";
        file("proc/self/limits", line.formatted("8388608", "8388608"));
        Finding server = machine().lockedMemory(true);
        change("LimitMEMLOCK=209715200 ", server);
        assertTrue(server.meaning().contains("those of 0 presences"), server.meaning());
        file("proc/self/limits", line.formatted(String.valueOf((8 << 20) + 192_000), "unlimited"));
        assertTrue(machine().lockedMemory(true).meaning().contains("those of 1000 presences"));
        file("proc/self/limits", line.formatted("unlimited", "unlimited"));
        well(machine().lockedMemory(true));
        change("ulimit -l", machine().lockedMemory(false));
        file("proc/self/limits", line.formatted("8388608", "8388608"));
        file("proc/self/status", "Name:\tjava\nCapEff:\t0000000000004000\n");
        well(machine().lockedMemory(true));
        file("proc/self/status", "Name:\tjava\nCapEff:\t0000000000002000\n");
        change("ulimit -l", machine().lockedMemory(true));
    }

    @Test
    void fewOpenFilesAreTooFew() throws IOException {
        file("proc/self/limits", "Max open files            1024                 4096                 files     \n");
        change("ulimit -n 4096", machine().files());
        file("proc/self/limits", "Max open files            20000                20000                files     \n");
        well(machine().files());
        Files.delete(root.resolve("proc/self/limits"));
        well(machine().files());
    }

    @Test
    void anUnseededGeneratorIsNamed() throws IOException {
        well(machine().random("sysrandom"));
        file("proc/sys/kernel/random/entropy_avail", "256\n");
        well(machine().random("sysrandom"));
        file("proc/sys/kernel/random/entropy_avail", "3\n");
        change("virtio-rng", machine().random("sysrandom"));
    }

    @Test
    void clocksAreLookedAt() throws IOException {
        well(machine().clockSource());
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "acpi_pm\n");
        file("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc acpi_pm \n");
        change("available: tsc acpi_pm", machine().clockSource());
        file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
        well(machine().clockSource());
        well(Machine.resolution(20));
        change("clock source", Machine.resolution(1_000_000));

        change("set-ntp true", machine().wallClock(0));
        file("run/chrony/chronyd.pid", "7\n");
        Finding kept = machine().wallClock(0);
        well(kept);
        assertTrue(kept.state().endsWith("kept by chronyd"), kept.state());
        change("makestep", machine().wallClock(-30_000_000));
    }

    @Test
    void aStepIsWhatTheWallClockWentFurther() {
        assertEquals(50, new Clocks(1_000, 2_050).stepSince(new Clocks(0, 1_000)));
        assertEquals(-1_000, new Clocks(1_000, 1_000).stepSince(new Clocks(0, 1_000)));
        assertTrue(Clocks.resolutionNanos() > 0);
    }

    @Test
    void processorsAndJavaAreNamed() {
        well(Machine.aes(true));
        change("-cpu host", Machine.aes(false));
        well(Machine.java(25, "25.0.1"));
        change("JDK 25", Machine.java(24, "24"));
    }
}
