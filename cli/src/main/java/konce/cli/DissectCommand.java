package konce.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import konce.cli.capture.CaptureException;
import konce.cli.capture.CaptureFile;
import konce.cli.capture.CapturedDatagram;
import konce.crypto.Vault;
import konce.protocol.dissect.Dissector;
import konce.protocol.dissect.Field;
import konce.protocol.dissect.LoggedKey;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce dissect`.
@Command(
        name = "dissect",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print every field of a packet, or of all packets of a capture.",
            "",
            "Without keys that is what anybody on the way can see. With the key log of one of the two ends it is all there"
                    + " is: a packet that opens is shown with its frames. Packets of one channel are best given in order, as"
                    + " captures have them."
        },
        footer = {
            "",
            "Examples:",
            "  konce serve --keylog keys.txt              writes the keys, as the channel is made",
            "  tcpdump -i lo -w konce.pcap udp port 413   records the packets",
            "  konce dissect --keylog keys.txt konce.pcap",
            "  konce dissect 01a3f2...                    one packet, in hexadecimal",
            "  konce dissect @packets.txt                 a file of them, one a line"
        })
final class DissectCommand implements Callable<Integer> {
    /// Lines of a key log that are read: each is tried on each packet.
    private static final int KEYS_MAX = 10_000;

    /// Bytes of secrets one line of a key log takes, in two suites.
    private static final long VAULT_BYTES_PER_KEY = 1_024;

    private static final double NANOS_PER_MILLI = 1e6;

    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "HEX|@FILE|PCAP",
            description = "A packet in hexadecimal, a file of such lines, or a pcap or pcapng file.")
    String input = "";

    @Option(
            names = "--keylog",
            paramLabel = "FILE",
            description = "The secrets, as --keylog of a node has written them.")
    @Nullable
    Path keyLog;

    @Option(names = "--json", description = "One JSON object a packet, each on one line.")
    boolean json;

    DissectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<LoggedKey> keys = keys();
        List<CapturedDatagram> captured = new ArrayList<>();
        List<byte[]> packets = packets(captured);
        if (packets.isEmpty()) {
            throw CommandException.failed("there is no UDP datagram in it");
        }
        try (Vault vault = Vault.open(Math.max(1, keys.size()) * VAULT_BYTES_PER_KEY);
                Dissector dissector = new Dissector(vault, keys)) {
            for (int i = 0; i < packets.size(); i++) {
                List<Field> fields = dissector.dissect(packets.get(i));
                CapturedDatagram from = captured.isEmpty() ? null : captured.get(i);
                long startNanos = captured.isEmpty() ? 0 : captured.getFirst().atNanos();
                if (json) {
                    terminal.out().println(json(i, from, startNanos, packets.get(i), fields));
                } else {
                    print(i, from, startNanos, packets.get(i), fields);
                }
            }
        }
        return Main.EXIT_OK;
    }

    private List<LoggedKey> keys() throws IOException {
        if (keyLog == null) {
            return List.of();
        }
        List<LoggedKey> keys = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(keyLog, StandardCharsets.US_ASCII)) {
            number++;
            if (keys.size() == KEYS_MAX) {
                throw CommandException.mistake(
                        "the key log has more than " + KEYS_MAX + " lines; cut out those needed");
            }
            try {
                keys.add(LoggedKey.parse(line));
            } catch (IllegalArgumentException e) {
                throw CommandException.mistake(
                        "key log, line " + number + ": " + Terminal.harmless(String.valueOf(e.getMessage())));
            }
        }
        return keys;
    }

    /// @param captured filled where the input is a capture
    private List<byte[]> packets(List<CapturedDatagram> captured) throws IOException {
        boolean named = input.startsWith("@");
        Path file = Path.of(named ? input.substring(1) : input);
        if (!named && !Files.isRegularFile(file)) {
            return List.of(hex(input, "the packet"));
        }
        if (Files.size(file) > CaptureFile.FILE_BYTES_MAX) {
            throw CommandException.mistake(file + " is larger than " + ProgressBar.bytes(CaptureFile.FILE_BYTES_MAX)
                    + "; cut out what is needed");
        }
        byte[] bytes = Files.readAllBytes(file);
        if (!CaptureFile.isLike(bytes)) {
            return hexLines(new String(bytes, StandardCharsets.ISO_8859_1));
        }
        try {
            captured.addAll(CaptureFile.read(bytes));
        } catch (CaptureException e) {
            throw CommandException.failed(file + ": " + e.getMessage(), e);
        }
        return captured.stream().map(CapturedDatagram::payload).toList();
    }

    private static List<byte[]> hexLines(String text) {
        List<byte[]> packets = new ArrayList<>();
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                packets.add(hex(line, "line " + number));
            }
        }
        return packets;
    }

    private static byte[] hex(String text, String what) {
        String digits = text.replaceAll("[\\s:]", "");
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw CommandException.mistake(
                    what + " is neither a file nor hexadecimal: " + Terminal.harmless(String.valueOf(e.getMessage())));
        }
    }

    private void print(
            int number, @Nullable CapturedDatagram from, long startNanos, byte[] packet, List<Field> fields) {
        String where = from == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %.3f ms  %s -> %s",
                        (from.atNanos() - startNanos) / NANOS_PER_MILLI,
                        from.source(),
                        from.target());
        terminal.out().println(terminal.bold("packet " + (number + 1) + where + "  " + packet.length + " bytes"));
        for (Field field : fields) {
            String place = field.bytes() == 0 ? "" : field.offset() + "+" + field.bytes();
            terminal.out()
                    .println(String.format(
                            Locale.ROOT,
                            "  %-10s %s%-26s %s",
                            place,
                            "  ".repeat(field.depth()),
                            field.name(),
                            Terminal.harmless(field.value())));
        }
    }

    private static JsonLine json(
            int number, @Nullable CapturedDatagram from, long startNanos, byte[] packet, List<Field> fields) {
        List<JsonLine> shown = new ArrayList<>();
        for (Field field : fields) {
            shown.add(new JsonLine()
                    .with("depth", field.depth())
                    .with("offset", field.offset())
                    .with("bytes", field.bytes())
                    .with("name", field.name())
                    .with("value", field.value()));
        }
        JsonLine line = new JsonLine().with("packet", number + 1).with("bytes", packet.length);
        if (from != null) {
            line.with("milliseconds", (from.atNanos() - startNanos) / NANOS_PER_MILLI)
                    .with("source", from.source())
                    .with("target", from.target());
        }
        return line.with("fields", shown);
    }
}
