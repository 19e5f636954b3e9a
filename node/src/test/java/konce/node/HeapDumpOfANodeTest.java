package konce.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import konce.crypto.Kdf;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Goal: a heap dump of a running server holds none of the secrets of its channels. Method: the server is another
/// process; the client's key log says what the secrets of their channel are, and what the packet keys made of them are;
/// then the server's whole heap, garbage too, is searched for them.
final class HeapDumpOfANodeTest {
    private static final int SECRET_BYTES = 32;

    @Test
    void noSecretOfAChannelIsInAHeapDump(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("keys.log");
        Path dump = folder.resolve("heap.hprof");
        byte[] control = new byte[SECRET_BYTES];
        new java.util.Random(20).nextBytes(control);
        Process server = startServer();
        try (BufferedReader said = new BufferedReader(new InputStreamReader(server.getInputStream(), US_ASCII));
                PrintWriter tell = new PrintWriter(server.getOutputStream(), true, US_ASCII);
                Node client = Node.builder().keyLog(log).open()) {
            Target.Peer target = target(said.readLine());
            for (int i = 0; i < 100; i++) {
                byte[] echo = ("message " + i).getBytes(US_ASCII);
                assertArrayEquals(
                        echo,
                        client.request(target, HeapDumpedServer.ECHO, echo, SendOptions.REQUEST)
                                .bytes());
            }
            tell.println(HexFormat.of().formatHex(control));
            tell.println(dump);
            assertTrue(said.readLine().startsWith("dumped"));
            assertTrue(server.waitFor(60, TimeUnit.SECONDS));
        } finally {
            server.destroyForcibly();
        }
        List<byte[]> secrets = secrets(Files.readAllLines(log));
        assertTrue(secrets.size() >= 8, "box, early, both directions, and the packet keys made of them");
        try (FileChannel channel = FileChannel.open(dump);
                Arena arena = Arena.ofConfined()) {
            MemorySegment file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            assertTrue(count(file, control) > 0, "the search finds what is there");
            for (byte[] secret : secrets) {
                assertEquals(0, count(file, secret));
            }
        }
    }

    private static Process startServer() throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx256m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath,
                        HeapDumpedServer.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static Target.Peer target(String line) {
        String[] parts = line.split(" ", 2);
        PublicKey key =
                Objects.requireNonNull(PublicKey.decode(HexFormat.of().parseHex(parts[0].replaceAll("[^0-9a-f]", ""))));
        return new Target.Peer(key, List.of(Address.parse(parts[1])), null, null);
    }

    /// The secrets of a key log, and the packet keys that are made of each.
    private static List<byte[]> secrets(List<String> lines) {
        List<byte[]> found = new ArrayList<>();
        try (Vault vault = Vault.open(1 << 16);
                Arena arena = Arena.ofConfined()) {
            for (String line : lines) {
                byte[] secret = HexFormat.of().parseHex(line.split(" ", 3)[2]);
                found.add(secret);
                MemorySegment bytes = arena.allocate(SECRET_BYTES);
                bytes.copyFrom(MemorySegment.ofArray(secret));
                for (Suite suite : Suite.values()) {
                    try (Secret traffic = Secret.copyOf(vault, bytes, 0, SECRET_BYTES);
                            Secret key = Kdf.derive(
                                    vault, "packet key " + suite, SECRET_BYTES, traffic, MemorySegment.NULL)) {
                        MemorySegment revealed = arena.allocate(SECRET_BYTES);
                        key.copyTo(revealed, 0, SecretAccess.grant("a test looks for it in a heap dump"));
                        found.add(revealed.toArray(ValueLayout.JAVA_BYTE));
                    }
                }
            }
        }
        return found;
    }

    private static int count(MemorySegment file, byte[] wanted) {
        MemorySegment pattern = MemorySegment.ofArray(wanted);
        long first = pattern.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        int found = 0;
        for (long at = 0; at + wanted.length <= file.byteSize(); at++) {
            if (file.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == first
                    && MemorySegment.mismatch(file, at, at + wanted.length, pattern, 0, wanted.length) < 0) {
                found++;
            }
        }
        return found;
    }
}
