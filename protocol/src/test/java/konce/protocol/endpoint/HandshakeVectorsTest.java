package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import cafe.cryptography.curve25519.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import konce.crypto.RandomSource;
import konce.crypto.SeededRandom;
import konce.protocol.Event;
import konce.protocol.SendOptions;
import konce.protocol.handshake.ReferenceSchedule;
import konce.protocol.wire.DataHeader;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Whole handshakes byte for byte, for randomness that is the same at every draw, so that nothing on the wire changes
/// by
/// accident; and their secrets computed again from the specification's formulas.
///
/// When a change is meant: `-Dkonce.vectors=FILE` writes what is sent now to FILE, to be looked at and put in the place
/// of `src/test/resources/handshake-vectors.txt`.
final class HandshakeVectorsTest {
    private static final String RESOURCE = "/handshake-vectors.txt";
    private static final @Nullable String WRITE_TO = System.getProperty("konce.vectors");
    private static final int DURABLE_DRAW = 64;

    /// The handshakes that are written down.
    enum Vector {
        IDENTIFIED(1, 1),
        ANONYMOUS(2, 2),
        PADDED(1, 3),
        KEY_CHANGED(1, 1);

        private final int handshake;
        private final int session;

        Vector(int handshake, int session) {
            this.handshake = handshake;
            this.session = session;
        }

        private Lab.Setup setup() {
            EndpointConfig config = EndpointConfig.CLIENT
                    .withProtocols(List.of((long) handshake), List.of((long) session))
                    .withDiagnostics(false, true);
            Lab.Setup setup =
                    Lab.Setup.PLAIN.withClient(config).withServer(config).withEffort(16);
            return this == KEY_CHANGED ? setup.withChangedKey() : setup;
        }
    }

    /// Randomness that answers every draw alike: byte i is a start of its owner's plus i.
    private static RandomSource unchanging(String owner) {
        int start = owner.startsWith("client") ? 0x10 : 0x80;
        return target -> {
            for (long i = 0; i < target.byteSize(); i++) {
                target.set(ValueLayout.JAVA_BYTE, i, (byte) (start + i));
            }
        };
    }

    private static byte[] drawn(String owner, int bytes) {
        MemorySegment segment = Arena.ofAuto().allocate(bytes);
        unchanging(owner).fill(segment);
        return segment.toArray(ValueLayout.JAVA_BYTE);
    }

    /// What a handshake consists of: packets and secrets, each a name and bytes in hexadecimal.
    private static List<String> lines(Lab lab, Vector vector) {
        lab.settle(
                lab.send(
                        lab.target(
                                vector == Vector.ANONYMOUS ? null : lab.clientKey,
                                lab.master.verifyingKey(),
                                Lab.SERVER),
                        "the first message",
                        SendOptions.REQUEST),
                Lab.SECOND);
        List<String> lines = new ArrayList<>();
        lines.add("handshake " + vector);
        lines.add("INIT " + first(lab.toServer, PacketType.INIT));
        lines.add("INIT-ACK " + first(lab.toClient, PacketType.INIT_ACK));
        lines.add("COOKIE-ECHO " + first(lab.toServer, PacketType.COOKIE_ECHO));
        boolean changed = vector == Vector.KEY_CHANGED;
        lines.add(
                changed
                        ? "KEY-CHANGE " + first(lab.toClient, PacketType.KEY_CHANGE)
                        : "COOKIE-ACK " + first(lab.toClient, PacketType.COOKIE_ACK));
        secrets(lab.clientEvents).forEach((label, secret) -> lines.add("secret " + label + " " + secret));
        return lines;
    }

    private static String first(List<byte[]> sent, int type) {
        return HexFormat.of()
                .formatHex(sent.stream()
                        .filter(packet -> Lab.isOf(packet, type))
                        .findFirst()
                        .orElseThrow());
    }

    private static Map<String, String> secrets(List<Event> events) {
        Map<String, String> secrets = new TreeMap<>();
        for (Event.SecretDerived derived : Lab.events(events, Event.SecretDerived.class)) {
            secrets.put(derived.label(), HexFormat.of().formatHex(derived.secret()));
        }
        return secrets;
    }

    private static String now() {
        StringBuilder text = new StringBuilder();
        for (Vector vector : Vector.values()) {
            try (Lab lab = new Lab(vector.setup(), HandshakeVectorsTest::unchanging)) {
                lines(lab, vector).forEach(line -> text.append(line).append('\n'));
            }
        }
        return text.toString();
    }

    /// Goal: what is sent and derived is what was written down.
    @Test
    void handshakesAreAsWrittenDown() throws IOException {
        String now = now();
        if (WRITE_TO != null) {
            Files.writeString(Path.of(WRITE_TO), now);
        }
        try (InputStream resource = Objects.requireNonNull(HandshakeVectorsTest.class.getResourceAsStream(RESOURCE))) {
            String before = new String(resource.readAllBytes(), StandardCharsets.US_ASCII);
            assertEquals(before.lines().toList(), now.lines().toList());
        }
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: both sides have the secrets that chapter 3 says, computed from the packets by a second implementation.
    @ParameterizedTest
    @EnumSource(
            value = Vector.class,
            names = {"IDENTIFIED", "ANONYMOUS", "PADDED"})
    void theSecretsAreTheSpecifications(Vector vector) {
        try (Lab lab = new Lab(vector.setup(), HandshakeVectorsTest::unchanging)) {
            List<String> lines = lines(lab, vector);
            assertEquals(8 + 2, lines.size());
            byte[] echo = HexFormat.of().parseHex(lines.get(3).split(" ")[1]);
            byte[] ack = HexFormat.of().parseHex(lines.get(4).split(" ")[1]);
            byte[] random = Arrays.copyOfRange(ack, DataHeader.SERVER_RANDOM, DataHeader.COOKIE_ACK_NUMBER);
            assertArrayEquals(drawn("server", 32), random);

            SeededRandom durable = new SeededRandom(Lab.SEED);
            Scalar c = durable(durable);
            Scalar client = durable(durable);
            Scalar a = vector == Vector.ANONYMOUS ? null : client;
            Scalar b = ReferenceSchedule.hedged(drawn("client", 32), a, "konce transient B");
            Scalar d = ReferenceSchedule.hedged(drawn("server", 32), c, "konce transient D");
            Map<String, byte[]> expected = new ReferenceSchedule(lab.vault, vector.handshake)
                    .secrets(echo, random, new ReferenceSchedule.Keys(a, b, c, d));
            Map<String, String> hex = new TreeMap<>();
            expected.forEach((label, secret) -> hex.put(label, HexFormat.of().formatHex(secret)));
            assertEquals(hex, secrets(lab.clientEvents));
            hex.remove("CHANGE");
            assertEquals(hex, secrets(lab.serverEvents), "the server derives no key for a notice it does not send");
        }
    }

    private static Scalar durable(SeededRandom random) {
        MemorySegment wide = Arena.ofAuto().allocate(DURABLE_DRAW);
        random.fill(wide);
        return Scalar.fromBytesModOrderWide(wide.toArray(ValueLayout.JAVA_BYTE));
    }
}
