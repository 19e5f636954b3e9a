package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: Wireshark shows the same fields as `konce dissect` without keys: name, place, length and value of each.
/// Method:
/// a capture of a real exchange, and packets made by hand, through tshark with the dissector in Lua, and through ours.
class WiresharkTest {
    private static final Path SCRIPT = Path.of("..", "docs", "wireshark", "konce.lua");
    private static final int HEADERS_BYTES = 20 + 8;
    private static final long SECONDS_MAX = 60;

    private static final Pattern PACKET = Pattern.compile("\\{\"packet\":\\d+,.*");
    private static final Pattern OURS = Pattern.compile(
            "\\{\"depth\":0,\"offset\":(\\d+),\"bytes\":(\\d+),\"name\":\"([^\"]*)\",\"value\":\"([^\"]*)\"\\}");
    private static final Pattern THEIRS =
            Pattern.compile("<field name=\"konce\\.[a-z_]+\" showname=\"([^\"]*)\" size=\"(\\d+)\" pos=\"(\\d+)\"");

    @TempDir
    Path directory;

    @BeforeEach
    void needsTshark() throws Exception {
        boolean there;
        try {
            there = new ProcessBuilder("tshark", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(directory.resolve("version").toFile())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            there = false;
        }
        assumeTrue(there, "tshark is not installed; on Debian: apt-get install tshark");
    }

    /// The fields tshark shows of each packet: `OFFSET+BYTES NAME: VALUE`.
    private List<List<String>> byTshark(Path pcap) throws Exception {
        Path output = directory.resolve("packets.xml");
        Path errors = directory.resolve("errors");
        Process tshark = new ProcessBuilder(
                        "tshark", "-X", "lua_script:" + SCRIPT.toRealPath(), "-r", pcap.toString(), "-T", "pdml")
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(tshark.waitFor(SECONDS_MAX, TimeUnit.SECONDS), "it ends");
        } finally {
            tshark.destroyForcibly();
        }
        assertEquals(0, tshark.exitValue(), Files.readString(errors));
        List<List<String>> packets = new ArrayList<>();
        for (String packet : Files.readString(output, StandardCharsets.UTF_8).split("<packet>")) {
            List<String> fields = new ArrayList<>();
            Matcher field = THEIRS.matcher(packet);
            while (field.find()) {
                int bytes = Integer.parseInt(field.group(2));
                int offset = bytes == 0 ? 0 : Integer.parseInt(field.group(3)) - HEADERS_BYTES;
                String words = field.group(1)
                        .replace("&#x27;", "'")
                        .replace("&apos;", "'")
                        .replace("&quot;", "\"");
                fields.add(offset + "+" + bytes + " " + words);
            }
            packets.add(fields);
        }
        return packets.subList(1, packets.size());
    }

    /// The same by our own command.
    private List<List<String>> byKonce(Path pcap) {
        CommandRun.Result result = new CommandRun(directory).run("dissect", "--json", pcap.toString());
        assertEquals(Main.EXIT_OK, result.status(), result.err());
        List<List<String>> packets = new ArrayList<>();
        for (String line : result.out().lines().toList()) {
            assertTrue(PACKET.matcher(line).matches(), line);
            List<String> fields = new ArrayList<>();
            Matcher field = OURS.matcher(line);
            while (field.find()) {
                fields.add(field.group(1) + "+" + field.group(2) + " " + field.group(3) + ": " + field.group(4));
            }
            packets.add(fields);
        }
        return packets;
    }

    private static Set<String> types(List<List<String>> packets) {
        Set<String> types = new TreeSet<>();
        packets.forEach(fields -> types.add(fields.getFirst().replaceFirst(", \\d+ bytes$", "")));
        return types;
    }

    @Test
    void aRealExchangeIsShownAlike() throws Exception {
        Path pcap = directory.resolve("konce.pcap");
        try (RunningServer server = new RunningServer(
                directory.resolve("server"), "serve", "--listen", "127.0.0.1:0", "--json", "--no-passphrase")) {
            String address = server.member("address");
            int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
            try (RecordingRelay relay = new RecordingRelay(port)) {
                CommandRun client = new CommandRun(directory.resolve("client"));
                String there = address.replace(":" + port, ":" + relay.port());
                assertEquals(
                        Main.EXIT_OK,
                        client.run("send", there, "hello", "--no-passphrase").status());
                relay.write(pcap);
            }
        }
        List<List<String>> ours = byKonce(pcap);
        assertEquals(
                Set.of(
                        "0+1 type: INIT",
                        "0+1 type: INIT-ACK",
                        "0+1 type: COOKIE-ECHO",
                        "0+1 type: COOKIE-ACK",
                        "0+1 type: DATA"),
                types(ours));
        assertEquals(ours, byTshark(pcap));
    }

    @Test
    void packetsMadeByHandAreShownAlike() throws Exception {
        RecordingRelay writer = new RecordingRelay(0);
        HexFormat hex = HexFormat.of();
        String random = "000102030405060708090a0b0c0d0eff";
        for (String packet : List.of(
                "00", // shorter than any
                "10" + random, // cut short
                "20" + random + "00".repeat(40),
                "21" + random + "02" + "03010203" + "02ffffffffffffffffff0105",
                "21" + random + "05" + "00".repeat(8), // five lists
                "21" + random + "02" + "028000" + "0101", // a number that is not minimal
                "30" + random + "11".repeat(60),
                "50" + random + "a5".repeat(120),
                "50" + random + "a5".repeat(119),
                "4f" + "22".repeat(30),
                "63" + "33".repeat(24),
                "6f" + "44".repeat(60),
                "f0" + "55".repeat(60))) {
            writer.record(hex.parseHex(packet), true);
        }
        Path pcap = directory.resolve("hand.pcap");
        writer.write(pcap);
        writer.close();
        assertEquals(byKonce(pcap), byTshark(pcap));
    }
}
