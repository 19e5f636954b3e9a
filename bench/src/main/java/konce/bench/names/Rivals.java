package konce.bench.names;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import konce.bench.report.Measure;
import konce.bench.report.Measure.Best;
import konce.bench.report.Results;
import org.jspecify.annotations.Nullable;

/// What others do instead, where they are installed: the tree of hsd, and unbound with nsd, validating DNSSEC. What is
/// started listens on free ports of the loopback interface, writes to a scratch folder, and is ended.
final class Rivals {
    private static final String URKEL = "urkel";
    private static final String DNSSEC = "dnssec";
    private static final Measure COLD = new Measure("lookups", "validated, nothing cached", "/s", 1, Best.HIGHEST);
    private static final Measure CACHED = new Measure("lookups", "from the resolver's cache", "/s", 1, Best.HIGHEST);
    private static final Measure VERIFIED = new Measure("proof", "checked by its own code", "µs", 1e-3, Best.LOWEST);

    /// Names in the signed zone: signing more takes minutes.
    private static final int ZONE_NAMES = 10_000;

    private static final int COMMAND_SECONDS_MAX = 300;
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin");

    private final Path scratch;
    private final Results results;

    private Rivals(Path scratch, Results results) {
        this.scratch = scratch;
        this.results = results;
    }

    /// Measures those that are there; says of the others that they are not.
    static void run(List<Integer> sizes, @Nullable Path hsd, Path scratch, Results results)
            throws IOException, InterruptedException {
        Rivals rivals = new Rivals(scratch, results);
        Path node = program("node");
        if (hsd == null || node == null || !Files.isDirectory(hsd.resolve("node_modules/urkel"))) {
            results.fail("hsd", "names", "not installed ('npm install hsd' in a folder, and --hsd with that folder)");
        } else {
            for (int size : sizes) {
                rivals.urkel(node, hsd, size);
            }
        }
        if (Stream.of("unbound", "nsd", "ldns-keygen", "ldns-signzone").anyMatch(name -> program(name) == null)) {
            results.fail("unbound", "names", "not installed (Debian: unbound, nsd, ldnsutils)");
        } else {
            rivals.dnssec();
        }
    }

    private static @Nullable Path program(String name) {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    private static String path(String name) {
        Path found = program(name);
        if (found == null) {
            throw new IllegalStateException(name + " has gone");
        }
        return found.toString();
    }

    private void urkel(Path node, Path hsd, int size) throws IOException, InterruptedException {
        String contestant = NamesCommand.contestant(URKEL, size);
        results.enter(new Results.Entrant(
                contestant,
                String.format(Locale.ROOT, "hsd's tree (urkel), %,d names", size),
                List.of("in memory, one thread of Node.js, values of 100 bytes")));
        Path script = scratch.resolve("urkel.js");
        try (var in = Rivals.class.getResourceAsStream("urkel.js")) {
            if (in == null) {
                throw new IOException("urkel.js is not packed");
            }
            Files.write(script, in.readAllBytes());
        }
        String said = command(
                List.of(node.toString(), script.toString(), hsd.toAbsolutePath().toString(), Integer.toString(size)));
        String[] words = said.strip().split(" ");
        results.add(Figures.PROOF_BYTES, contestant, 0, Double.parseDouble(words[0]));
        results.add(Figures.SERVED, contestant, 0, Double.parseDouble(words[1]));
        results.add(VERIFIED, contestant, 0, Double.parseDouble(words[2]));
    }

    private String command(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectError(scratch.resolve("rival.log").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(command.getFirst() + " failed: " + Files.readString(scratch.resolve("rival.log")));
        }
        return said;
    }

    private void dnssec() throws IOException, InterruptedException {
        results.enter(new Results.Entrant(
                DNSSEC,
                String.format(Locale.ROOT, "unbound and nsd, DNSSEC, %,d names", ZONE_NAMES),
                List.of("one thread each, ECDSA P-256, NSEC; asked by one client with 64 questions at a time")));
        Zone zone = Zone.write(scratch, ZONE_NAMES);
        String key = command(List.of(path("ldns-keygen"), "-a", "ECDSAP256SHA256", "-k", zone.name()))
                .strip();
        command(List.of(path("ldns-signzone"), "-f", "signed", "zone", key));
        int authority = freePort();
        int resolver = freePort();
        zone.configure(authority, resolver, key + ".key");
        List<Process> running = new ArrayList<>();
        try {
            running.add(start(path("nsd"), "-d", "-c", "nsd.conf"));
            running.add(start(path("unbound"), "-d", "-c", "unbound.conf"));
            Lookups lookups = new Lookups(resolver, zone.name());
            lookups.await();
            results.add(COLD, DNSSEC, 0, lookups.perSecond(1, ZONE_NAMES));
            results.add(CACHED, DNSSEC, 0, lookups.perSecond(1, ZONE_NAMES));
        } finally {
            for (Process process : running) {
                // nsd serves from a process of its own
                List<ProcessHandle> below = process.descendants().toList();
                process.destroy();
                below.forEach(ProcessHandle::destroy);
                boolean _ = process.waitFor(5, TimeUnit.SECONDS);
                process.destroyForcibly();
            }
        }
    }

    private Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve(Path.of(command[0]).getFileName() + ".log")
                        .toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
