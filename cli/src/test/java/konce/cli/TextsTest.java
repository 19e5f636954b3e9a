package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import konce.crypto.PassphraseKey.Cost;
import konce.crypto.PublicKey;
import konce.names.KonceAddress;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The small texts a person writes and reads.
class TextsTest {
    /// The generator of ristretto255 (RFC 9496, appendix A.1, multiple 1).
    private static final PublicKey GENERATOR = PublicKey.decode(
            HexFormat.of().parseHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"));

    private static final String KEY = new KonceAddress(GENERATOR, List.of()).toString();

    private static Terminal terminal(Map<String, String> environment, boolean interactive, ByteArrayOutputStream out) {
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        Cost cheap = new Cost(1, Cost.MEMORY_BYTES_MIN);
        return new Terminal(InputStream.nullInputStream(), print, print, environment, interactive, _ -> null, cheap);
    }

    /// Goal: places at a peer are told from files here, and split where the peer ends, whatever colons it has.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice:film.mkv|alice|film.mkv",
                "alice:|alice|''",
                "alice:a:b|alice|a:b",
                "K:film.mkv|K|film.mkv",
                "K@192.0.2.7:413:film.mkv|K@192.0.2.7:413|film.mkv",
                "K@192.0.2.7:41:3|K@192.0.2.7:41|3",
                "K@192.0.2.7:413:|K@192.0.2.7:413|''",
                "K@[2001:db8::7]:413,192.0.2.7:413:a/b:c|K@[2001:db8::7]:413,192.0.2.7:413|a/b:c"
            })
    void splitsRemotePaths(String text, String peer, String path) {
        RemotePath expected = new RemotePath(peer.replace("K", KEY), path);
        assertEquals(expected, RemotePath.parse(text.replace("K", KEY)));
    }

    /// Goal: what has no colon, or a slash before it, is a file here.
    @ParameterizedTest
    @ValueSource(strings = {"film.mkv", "./alice:film.mkv", "/tmp/a:b", ":film", "."})
    void filesHereAreNotRemote(String text) {
        assertNull(RemotePath.parse(text));
    }

    /// Goal: an address without a path, or a damaged one, is a mistake with its place.
    @Test
    void damagedRemotePathsAreMistakes() {
        CommandException bare = assertThrows(CommandException.class, () -> RemotePath.parse(KEY + "@192.0.2.7:413"));
        assertTrue(bare.getMessage().contains("has ':' behind the address"), bare.getMessage());
        CommandException damaged =
                assertThrows(CommandException.class, () -> RemotePath.parse(KEY + "@192.0.2.x:413:f"));
        assertTrue(damaged.getMessage().contains("character 74"), damaged.getMessage());
        assertEquals(new RemotePath(KEY + "@192.0.2.7:413", ""), RemotePath.parseOrPeer(KEY + "@192.0.2.7:413"));
        assertEquals(new RemotePath("alice", ""), RemotePath.parseOrPeer("alice"));
        assertEquals(new RemotePath("alice", "x"), RemotePath.parseOrPeer("alice:x"));
    }

    /// Goal: places to listen are read, and others refused with what to write.
    @Test
    void readsPlacesToListen() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertEquals(new InetSocketAddress(loopback, 0), ListenAddress.parse(":0", loopback));
        assertEquals(new InetSocketAddress(loopback, 0), ListenAddress.parse("0", loopback));
        assertEquals(new InetSocketAddress(loopback, 0), ListenAddress.parse("localhost:0", loopback));
        assertEquals(0, ListenAddress.parse("[::1]:0", loopback).getPort());
        assertTrue(ListenAddress.parse("*:0", loopback).getAddress().isAnyLocalAddress());
        for (String wrong : List.of("", "x", "example.org:1", "1.2.3.4", "1.2.3.4:70000", ":-1", "::1:5")) {
            CommandException thrown =
                    assertThrows(CommandException.class, () -> ListenAddress.parse(wrong, loopback), wrong);
            assertTrue(thrown.getMessage().contains("IP:PORT"), thrown.getMessage());
            assertEquals(Main.EXIT_MISTAKE, thrown.exitCode());
        }
    }

    /// Goal: of a wildcard, addresses are told that others can use; of another, that one.
    @Test
    void tellsAddressesOthersCanUse() throws IOException {
        InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        assertEquals(List.of(Address.parse("127.0.0.1:0")), ListenAddress.reachable(loopback));
        List<Address> any = ListenAddress.reachable(new InetSocketAddress(0));
        assertFalse(any.isEmpty());
        assertFalse(any.contains(Address.parse("0.0.0.0:0")), any.toString());
    }

    /// Goal: colours only on a terminal that wants them; a progress bar only where somebody looks, and gone at the
    /// end.
    @Test
    void coloursAndProgressAreForPeople() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertEquals("\u001b[1mx\u001b[0m", terminal(Map.of(), true, out).bold("x"));
        assertEquals("x", terminal(Map.of(), false, out).bold("x"));
        assertEquals("x", terminal(Map.of("NO_COLOR", "1"), true, out).bold("x"));
        assertEquals("x", terminal(Map.of("TERM", "dumb"), true, out).bold("x"));
        try (ProgressBar bar = ProgressBar.ofBytes(terminal(Map.of(), false, out))) {
            bar.at("copying", 1, 2);
        }
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        try (ProgressBar bar = ProgressBar.ofBytes(terminal(Map.of(), true, out))) {
            bar.at("copying", 1 << 20, 2 << 20);
        }
        String drawn = out.toString(StandardCharsets.UTF_8);
        assertTrue(drawn.contains("1.0 MiB of 2.0 MiB") && drawn.endsWith("\r\u001b[K"), drawn);
    }

    /// Goal: a QR code is drawn as a square with its three eyes, light around it.
    @Test
    void drawsQrCodes() {
        List<String> lines =
                QrPicture.of(KonceAddress.parse(KEY + "@192.0.2.7:413")).lines().toList();
        int width = lines.getFirst().length();
        assertTrue(lines.stream().allMatch(line -> line.length() == width), "a square");
        assertEquals((width + 1) / 2, lines.size(), "two rows a line");
        assertEquals("█".repeat(width), lines.getFirst(), "light around it");
        String eye = "██ ▄▄▄▄▄ █";
        assertTrue(lines.get(1).startsWith(eye), lines.get(1));
        assertTrue(lines.get(1).endsWith(new StringBuilder(eye).reverse().toString()), lines.get(1));
        List<String> lower =
                lines.stream().filter(line -> line.startsWith("██ █▄▄▄█ █")).toList();
        assertEquals(2, lower.size(), "the eyes on the left, above and below");
    }
}
