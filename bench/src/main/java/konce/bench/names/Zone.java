package konce.bench.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A zone of DNS with many names, and what nsd and unbound must know to serve and to resolve it.
record Zone(Path directory, String name) {
    private static final String NAME = "bench.";

    /// Writes the unsigned zone, `zone`, with the names n1, n2 and so on.
    static Zone write(Path directory, int names) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "$ORIGIN " + NAME,
                "$TTL 3600",
                "@ IN SOA ns hostmaster 1 3600 600 86400 3600",
                "@ IN NS ns",
                "ns IN A 127.0.0.1"));
        for (int i = 0; i <= names; i++) {
            lines.add("n" + i + " IN A 192.0.2.7");
        }
        Files.write(directory.resolve("zone"), lines);
        return new Zone(directory, NAME);
    }

    /// Writes `nsd.conf` and `unbound.conf`.
    ///
    /// @param anchor the file of the zone's public key
    void configure(int authority, int resolver, String anchor) throws IOException {
        Files.write(
                directory.resolve("nsd.conf"),
                List.of(
                        "server:",
                        " ip-address: 127.0.0.1@" + authority,
                        " username: \"\"",
                        " chroot: \"\"",
                        " zonesdir: \"" + directory + "\"",
                        " pidfile: \"" + directory.resolve("nsd.pid") + "\"",
                        " xfrdfile: \"" + directory.resolve("xfrd.state") + "\"",
                        " zonelistfile: \"" + directory.resolve("zone.list") + "\"",
                        " server-count: 1",
                        "remote-control:",
                        " control-enable: no",
                        "zone:",
                        " name: " + NAME,
                        " zonefile: " + directory.resolve("signed")));
        Files.write(
                directory.resolve("unbound.conf"),
                List.of(
                        "server:",
                        " interface: 127.0.0.1@" + resolver,
                        " username: \"\"",
                        " chroot: \"\"",
                        " directory: \"" + directory + "\"",
                        " pidfile: \"" + directory.resolve("unbound.pid") + "\"",
                        " num-threads: 1",
                        " do-not-query-localhost: no",
                        " module-config: \"validator iterator\"",
                        " trust-anchor-file: \"" + directory.resolve(anchor) + "\"",
                        " msg-cache-size: 64m",
                        " rrset-cache-size: 128m",
                        " aggressive-nsec: no",
                        "remote-control:",
                        " control-enable: no",
                        "stub-zone:",
                        " name: " + NAME,
                        " stub-addr: 127.0.0.1@" + authority));
    }
}
