package konce.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import konce.cli.doctor.OffloadProbe.Offload;
import konce.crypto.Libsodium;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.names.client.LightClient;
import konce.node.LockedMemory;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// This machine, as far as it matters to Konce: what was tried on a socket and a vault, and what the system's own files
/// say.
///
/// @param root where `/proc`, `/sys` and `/run` are: `/`, or a test's stand-in
public record Machine(Path root) {
    /// Bytes of socket buffer below which a fast path loses packets: 30 ms at 1 Gbit/s, what a node asks for.
    static final long BUFFER_BYTES_WANTED = 4L << 20;

    /// Bytes of a presence in locked memory.
    private static final long PRESENCE_BYTES = 192;

    /// Bytes of locked memory beside presences: a server's vault.
    private static final long VAULT_BYTES = 8L << 20;

    private static final int JAVA_WANTED = 25;

    /// Files that a server with `--forward` has open for as many TCP connections, and some.
    private static final long FILES_WANTED = 4_096;

    /// Nanoseconds between two different answers of the clock above which pacing is coarse.
    private static final long RESOLUTION_NANOS_MAX = 1_000;

    /// Nanoseconds of wall clock against steady clock, over one look, that only a step explains.
    private static final long STEP_NANOS_MIN = 20_000_000;

    private static final int FILE_BYTES_MAX = 1 << 14;

    private static final double NANOS_PER_MILLI = 1e6;

    /// The machine this process runs on.
    public static Machine ofProcess() {
        return new Machine(Path.of("/"));
    }

    /// Everything, in the order in which it is shown.
    ///
    /// @throws IOException when no socket can be opened, or nothing passes over loopback
    public List<Finding> findings() throws IOException {
        Clocks before = Clocks.now();
        List<Finding> all = new ArrayList<>();
        all.add(java(Runtime.version().feature(), Runtime.version().toString()));
        all.add(Finding.well(
                "libsodium",
                Libsodium.version(),
                "does the arithmetic; it comes with Konce, the system's is not used"));
        all.add(aes(Suite.AEGIS_256.isAccelerated()));
        Offload offload = OffloadProbe.measure();
        all.add(sending(offload));
        all.add(receiving(offload));
        all.add(buffer("receive buffer", offload.receiveBufferBytes(), "rmem_max"));
        all.add(buffer("send buffer", offload.sendBufferBytes(), "wmem_max"));
        interfaces(all);
        all.add(lockedMemory(isLockable()));
        all.add(files());
        all.add(random(Libsodium.randomSource()));
        all.add(clockSource());
        all.add(resolution(Clocks.resolutionNanos()));
        all.add(wallClock(Clocks.now().stepSince(before)));
        return all;
    }

    static Finding java(int feature, String version) {
        return Finding.of(
                "Java",
                version,
                "what Konce runs on",
                feature >= JAVA_WANTED,
                "Konce is tested with JDK " + JAVA_WANTED + "; install it and set JAVA_HOME");
    }

    static Finding aes(boolean hardware) {
        return Finding.of(
                "AES instructions",
                hardware ? "yes" : "no",
                hardware
                        ? "session protocol 2 (AEGIS-256) may be offered; 1 (XChaCha20-Poly1305) stays the default"
                        : "session protocols 1 and 3 (XChaCha20-Poly1305), which are quick on any processor",
                hardware,
                "in a virtual machine, pass the host's processor on (QEMU: -cpu host); an old processor is no fault");
    }

    static Finding sending(Offload offload) {
        return offload(
                "GSO",
                offload.datagramsPerSend(),
                "datagrams to a system call when sending",
                "needs Linux 4.18 or newer (UDP_SEGMENT) and the epoll transport; without it bulk costs several times"
                        + " as much processor time");
    }

    static Finding receiving(Offload offload) {
        return offload(
                "GRO",
                offload.datagramsPerRead(),
                "datagrams to a system call when receiving",
                "needs Linux 5.0 or newer (UDP_GRO) and the epoll transport; without it bulk costs several times as"
                        + " much processor time");
    }

    private static Finding offload(String name, double perCall, String meaning, String change) {
        boolean works = perCall > OffloadProbe.PER_CALL_MIN;
        String state = String.format(Locale.ROOT, "%s, %.1f", works ? "works" : "does not work", perCall);
        return Finding.of(name, state, meaning + ", tried over loopback", works, change);
    }

    /// @param limit the file below `/proc/sys/net/core` that bounds it
    Finding buffer(String name, long bytes, String limit) {
        long most = number(root.resolve("proc/sys/net/core").resolve(limit));
        return Finding.of(
                name,
                bytes + " bytes" + (most >= 0 ? "; net.core." + limit + " is " + most : ""),
                "what the system gives a socket; " + BUFFER_BYTES_WANTED + " hold 30 ms at 1 Gbit/s",
                bytes >= BUFFER_BYTES_WANTED,
                "sudo sysctl -w net.core." + limit + "=" + BUFFER_BYTES_WANTED
                        + " (to keep it, the line net.core." + limit + "=" + BUFFER_BYTES_WANTED
                        + " in /etc/sysctl.d/90-konce.conf)");
    }

    private static void interfaces(List<Finding> all) throws SocketException {
        for (NetworkInterface one : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (one.isUp() && one.inetAddresses().findAny().isPresent()) {
                all.add(mtu(one.getName(), one.getMTU()));
            }
        }
    }

    /// @param bytes the interface's MTU
    static Finding mtu(String name, int bytes) {
        int most = Math.min(Math.min(bytes, 65_535) - (40 + 8), Limits.DATAGRAM_BYTES_MAX);
        return Finding.of(
                "MTU of " + name,
                bytes + " bytes",
                "the path's search (DPLPMTUD) begins at " + Limits.DATAGRAM_BYTES_BASE
                        + " and may find datagrams of up to " + most + " over IPv6, 20 more over IPv4",
                most >= Limits.DATAGRAM_BYTES_BASE,
                "sudo ip link set dev " + name + " mtu 1280: shorter datagrams than " + Limits.DATAGRAM_BYTES_BASE
                        + " bytes are none of Konce's");
    }

    private static boolean isLockable() {
        try (Vault vault = Vault.open(1)) {
            return vault.isLocked();
        }
    }

    /// @param lockable whether a page could be locked just now
    Finding lockedMemory(boolean lockable) {
        String limit = limit("Max locked memory");
        long wanted = VAULT_BYTES + Limits.PRESENCES_MAX * PRESENCE_BYTES;
        long bytes = LockedMemory.bytesMax(root);
        boolean enough = lockable && bytes >= wanted;
        long presences = Math.max(0, bytes - VAULT_BYTES) / PRESENCE_BYTES;
        String meaning = !lockable
                ? "secrets may be written to swap"
                : enough
                        ? "secrets of a server and " + Limits.PRESENCES_MAX + " presences stay out of swap"
                        : "a server's own secrets stay out of swap, and those of " + presences + " presences; "
                                + Limits.PRESENCES_MAX + " need " + wanted + " bytes";
        return Finding.of(
                "locked memory",
                (lockable ? "can be locked" : "cannot be locked")
                        + (limit == null ? "" : "; the limit is " + limit)
                        + (limit != null && !limit.equals("unlimited") && bytes == Long.MAX_VALUE
                                ? ", which does not hold here"
                                : ""),
                meaning,
                enough,
                "'ulimit -l " + (wanted >> 10) + "' before the start (root), LimitMEMLOCK=" + wanted
                        + " in a systemd unit, or '* - memlock " + (wanted >> 10) + "' in /etc/security/limits.conf");
    }

    Finding files() {
        String limit = limit("Max open files");
        long files = number(limit);
        return Finding.of(
                "open files",
                limit == null ? "the system does not say" : "the limit is " + limit,
                "a node has one socket, and 'serve --forward' a TCP connection a stream",
                limit == null || files < 0 || files >= FILES_WANTED,
                "'ulimit -n " + FILES_WANTED + "', or LimitNOFILE=" + FILES_WANTED + " in a systemd unit");
    }

    /// @param source what libsodium asks
    Finding random(String source) {
        long bits = number(root.resolve("proc/sys/kernel/random/entropy_avail"));
        boolean seeded = bits < 0 || bits >= 128;
        return Finding.of(
                "random source",
                source + (bits < 0 ? "" : ", " + bits + " bits in the kernel's pool"),
                "keys come from the kernel's generator" + (seeded ? "" : ", which is not seeded yet"),
                seeded,
                "wait until the system is up, or give the virtual machine a virtio-rng device");
    }

    Finding clockSource() {
        Path sources = root.resolve("sys/devices/system/clocksource/clocksource0");
        String current = text(sources.resolve("current_clocksource"));
        if (current == null) {
            return Finding.well("clock source", "the system does not say", "where its time comes from");
        }
        boolean quick = List.of("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page")
                .contains(current);
        return Finding.of(
                "clock source",
                current,
                quick ? "the time is read without a system call" : "to read the time is a system call",
                quick,
                "available: " + text(sources.resolve("available_clocksource"))
                        + "; boot with clocksource=tsc where the machine's is steady");
    }

    static Finding resolution(long nanos) {
        return Finding.of(
                "steady clock",
                nanos + " ns from one value to the next",
                "pacing and round trips are measured with it",
                nanos <= RESOLUTION_NANOS_MAX,
                "finer than " + RESOLUTION_NANOS_MAX + " ns is needed on fast networks; see the clock source");
    }

    /// @param stepNanos how much further the wall clock went than the steady one while we looked
    Finding wallClock(long stepNanos) {
        boolean stepped = Math.abs(stepNanos) >= STEP_NANOS_MIN;
        String kept = keeper();
        return Finding.of(
                "wall clock",
                (stepped
                                ? String.format(
                                        Locale.ROOT,
                                        "stepped by %.0f ms while it was looked at",
                                        stepNanos / NANOS_PER_MILLI)
                                : "steady while it was looked at")
                        + "; " + (kept == null ? "nobody is seen to keep it right" : kept),
                "channels need no common time; proofs of names are refused from "
                        + LightClient.AHEAD_SECONDS_MAX + " s ahead of this clock and from "
                        + LightClient.AGE_SECONDS_MAX + " s behind it. Peers' clocks are not asked",
                !stepped && kept != null,
                kept == null
                        ? "sudo timedatectl set-ntp true, or run chronyd; inside a container the host keeps it, and"
                                + " that is not seen from here"
                        : "let the time be slewed, not stepped (chrony: makestep 1 3)");
    }

    /// Who keeps the wall clock right, as far as their files show.
    private @Nullable String keeper() {
        if (Files.exists(root.resolve("run/systemd/timesync/synchronized"))) {
            return "kept by systemd-timesyncd, synchronised";
        }
        for (String daemon : List.of("chrony/chronyd.pid", "ntpd.pid", "ptp4l.pid")) {
            if (Files.exists(root.resolve("run").resolve(daemon))) {
                return "kept by " + daemon.replaceFirst(".*/", "").replace(".pid", "");
            }
        }
        return null;
    }

    /// A line of `/proc/self/limits`: the soft limit, as it stands there.
    private @Nullable String limit(String name) {
        String limits = text(root.resolve("proc/self/limits"));
        if (limits == null) {
            return null;
        }
        return limits.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", 2)[0])
                .map(soft -> name.contains("memory") && !soft.equals("unlimited") ? soft + " bytes" : soft)
                .findFirst()
                .orElse(null);
    }

    private static long number(Path file) {
        return number(text(file));
    }

    private static long number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
    }

    /* The kernel gives a setting whole to the first read and nothing to a second, so the first must have room. */
    private static @Nullable String text(Path file) {
        byte[] room = new byte[FILE_BYTES_MAX];
        try (InputStream in = Files.newInputStream(file)) {
            return new String(room, 0, in.readNBytes(room, 0, room.length), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return null; // not Linux, or not allowed
        }
    }
}
