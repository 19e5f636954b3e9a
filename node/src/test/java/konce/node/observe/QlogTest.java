package konce.node.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import konce.node.Node;
import konce.node.Relay;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// qlog files, as tools expect them.
class QlogTest {
    private static final HandlerId ECHO = HandlerId.wellKnown(1);

    /// What tools know, and what is ours.
    private static final Set<String> NAMES = Set.of(
            "connectivity:connection_started",
            "connectivity:connection_state_updated",
            "connectivity:mtu_updated",
            "transport:packet_sent",
            "transport:packet_received",
            "recovery:metrics_updated",
            "recovery:congestion_state_updated",
            "recovery:packet_lost",
            "konce:keys_agreed",
            "konce:puzzle_solved");

    @TempDir
    Path directory;

    /// The one file of a role.
    private List<Map<?, ?>> trace(String role) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.filter(file -> file.toString().contains("-" + role + "-"))
                    .toList();
            assertEquals(1, found.size(), found.toString());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(found.getFirst())));
            return QlogText.records(found.getFirst());
        }
    }

    /// Goal: what is written is JSON in a sequence, has the fields that the schema asks for, in time's order, and
    /// is
    /// true: a packet holds the same frames where it left and where it came. Method: two nodes and a bad network.
    @Test
    void filesAreWholeAndTrue() throws Exception {
        long packetsSent;
        try (Node server =
                        Node.builder().server(true).qlog(directory).effort(64).open();
                Relay relay = Relay.open(
                        server.localAddress(),
                        Relay.Conditions.PERFECT.withDelay(2_000_000).withLoss(0.03),
                        7);
                Node client =
                        Node.builder().qlog(directory).datagramBytesMax(1_200).open()) {
            server.handle(ECHO, message -> message.reply(message.payload()));
            Address there = Address.of(
                    relay.address().getAddress().getAddress(), relay.address().getPort());
            Target target = new Target.Peer(server.publicKey(), List.of(there), null, null);
            byte[] payload = new byte[200_000];
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        payload.length,
                        client.request(target, ECHO, payload, SendOptions.REQUEST)
                                .bytes()
                                .length);
            }
            packetsSent = client.channels().getFirst().packetsSent();
        }
        List<Map<?, ?>> client = trace("client");
        List<Map<?, ?>> server = trace("server");
        Map<BigDecimal, Object> sent = check(client, "client", "transport:packet_sent");
        Map<BigDecimal, Object> received = check(server, "server", "transport:packet_received");
        check(client, "client", "transport:packet_received");
        check(server, "server", "transport:packet_sent");
        assertTrue(
                sent.size() <= packetsSent + 64 && sent.size() > packetsSent / 2, sent.size() + " of " + packetsSent);
        assertTrue(received.size() > 100, "packets received: " + received.size());
        received.forEach((number, frames) -> assertEquals(sent.get(number), frames, "packet " + number));
        Set<Object> names = new HashSet<>();
        client.stream().skip(1).forEach(event -> names.add(event.get("name")));
        assertEquals(NAMES, names, "a client that has worked and lost shows one of each");
    }

    /// Checks every record.
    ///
    /// @return the frames of the packets of one direction, by number, once the channel is open
    private static Map<BigDecimal, Object> check(List<Map<?, ?>> trace, String role, String direction) {
        Map<?, ?> head = trace.getFirst();
        assertEquals("0.3", head.get("qlog_version"));
        assertEquals("JSON-SEQ", head.get("qlog_format"));
        Map<?, ?> about = (Map<?, ?>) head.get("trace");
        assertEquals(role, ((Map<?, ?>) about.get("vantage_point")).get("type"));
        Map<?, ?> common = (Map<?, ?>) about.get("common_fields");
        assertEquals("relative", common.get("time_format"));
        assertTrue(((BigDecimal) common.get("reference_time")).signum() > 0);
        BigDecimal last = BigDecimal.ZERO;
        Map<BigDecimal, Object> packets = new HashMap<>();
        for (Map<?, ?> event : trace.subList(1, trace.size())) {
            BigDecimal time = (BigDecimal) event.get("time");
            assertTrue(time.compareTo(last) >= 0, time + " after " + last);
            last = time;
            assertTrue(NAMES.contains(event.get("name")), event.toString());
            Map<?, ?> data = (Map<?, ?>) event.get("data");
            if (event.get("name").toString().startsWith("transport:")) {
                Map<?, ?> header = (Map<?, ?>) data.get("header");
                assertNotNull(header.get("packet_number"));
                assertTrue(((BigDecimal) ((Map<?, ?>) data.get("raw")).get("length")).signum() > 0);
                for (Object frame : (List<?>) data.get("frames")) {
                    assertNotNull(((Map<?, ?>) frame).get("frame_type"));
                }
                if (event.get("name").equals(direction)
                        && header.get("packet_type").equals("1RTT")) {
                    packets.put((BigDecimal) header.get("packet_number"), data.get("frames"));
                }
            }
        }
        Map<?, ?> end = (Map<?, ?>) trace.getLast().get("data");
        assertEquals("closed", end.get("new"));
        return packets;
    }

    /// Goal: a disk that does not keep up costs events, never memory nor time, and the file says how many. Method:
    /// a
    /// writer that is not started until its queue is full; whole pieces are refused, and every event is either
    /// there or
    /// counted.
    @Test
    void whatTheDiskCannotTakeIsCounted() throws Exception {
        QlogWriter writer = new QlogWriter(directory);
        QlogTrace trace = new QlogTrace(writer, "1-1-client-1.sqlog", true, 0, 1, "a test");
        String data = "{\"filler\":\"" + "x".repeat(1_000) + "\"}";
        long events = 0;
        while (writer.offer(new QlogWriter.Chunk("2-1-client-1.sqlog", new byte[1], false))) {
            events++;
        }
        assertEquals(QlogWriter.CHUNKS_MAX, events);
        for (events = 0; events < 100; events++) {
            trace.event(events, "konce:filler", data);
        }
        writer.start();
        while (Files.notExists(directory.resolve("1-1-client-1.sqlog"))) {
            trace.event(events++, "konce:filler", data);
        }
        trace.end(2 * events);
        writer.close();
        long dropped = 0;
        long kept = 0;
        List<Map<?, ?>> records = QlogText.records(directory.resolve("1-1-client-1.sqlog"));
        assertEquals("0.3", records.getFirst().get("qlog_version"), "what a file is, is said first");
        for (Map<?, ?> record : records) {
            if ("konce:events_dropped".equals(record.get("name"))) {
                dropped += ((BigDecimal) ((Map<?, ?>) record.get("data")).get("count")).longValue();
            } else if ("konce:filler".equals(record.get("name"))) {
                kept++;
            }
        }
        assertTrue(dropped > 0, "the first were refused");
        assertEquals(events, kept + dropped);
    }
}
