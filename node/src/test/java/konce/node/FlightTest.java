package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import konce.node.Relay.Conditions;
import konce.node.observe.Flight;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Java Flight Recorder is told.
class FlightTest {
    private static final HandlerId ECHO = HandlerId.wellKnown(7);
    private static final int MESSAGES = 3;
    private static final int BYTES = 200_000;

    @TempDir
    Path directory;

    private interface Work {
        void run() throws Exception;
    }

    /// What is recorded while something is done, by the events' names.
    private Map<String, List<RecordedEvent>> recorded(Work work) throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            for (String name : List.of(
                    "ChannelOpened",
                    "ChannelClosed",
                    "Handshake",
                    "PacketLoss",
                    "MessageSent",
                    "MessageReceived",
                    "BackPressure",
                    "Effort")) {
                recording.enable("konce." + name);
            }
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .collect(Collectors.groupingBy(event -> event.getEventType().getName()));
    }

    /// Goal: each thing that happens is an event, with true figures. Method: record two nodes on a bad network, one
    /// channel, three requests.
    @Test
    void aChannelIsRecorded() throws Exception {
        List<Long> lost = new ArrayList<>();
        Map<String, List<RecordedEvent>> events = recorded(() -> {
            try (Node server = Node.builder().server(true).effort(64).open();
                    Relay relay = Relay.open(
                            server.localAddress(),
                            Conditions.PERFECT.withDelay(1_000_000).withLoss(0.03),
                            5);
                    Node client = Node.builder().datagramBytesMax(1_200).open()) {
                server.handle(ECHO, message -> message.reply("taken"));
                Address there = Address.of(
                        relay.address().getAddress().getAddress(),
                        relay.address().getPort());
                Target target = new Target.Peer(server.publicKey(), List.of(there), null, null);
                for (int i = 0; i < MESSAGES; i++) {
                    client.request(target, ECHO, new byte[BYTES], SendOptions.REQUEST);
                }
                client.channels().forEach(channel -> lost.add(channel.packetsLost()));
            }
        });
        assertEquals(2, events.get("konce.ChannelOpened").size());
        assertEquals(2, events.get("konce.Handshake").size());
        for (RecordedEvent handshake : events.get("konce.Handshake")) {
            assertEquals(64, handshake.getLong("effort"));
            assertTrue(handshake.getDuration("roundTrip").toNanos() >= 1_000_000);
        }
        List<RecordedEvent> requests = events.get("konce.MessageSent").stream()
                .filter(event -> event.getString("handler").equals(ECHO.toString()))
                .toList();
        assertEquals(MESSAGES, requests.size());
        for (RecordedEvent request : requests) {
            assertEquals("Replied", request.getString("outcome"));
            assertEquals(BYTES, request.getLong("bytes"));
            assertTrue(request.getDuration().toNanos() >= 2_000_000, "there and back");
        }
        assertEquals(MESSAGES, events.get("konce.MessageReceived").size());
        long losses = events.get("konce.PacketLoss").stream()
                .mapToLong(event -> event.getLong("packets"))
                .sum();
        assertTrue(losses >= lost.getFirst() && lost.getFirst() > 0, losses + " lost, of " + lost + " by the client");
        RecordedEvent effort = events.get("konce.Effort").getFirst();
        assertEquals(64, effort.getLong("after"));
        List<RecordedEvent> closed = events.get("konce.ChannelClosed");
        // the relay may lose the client's CLOSE, or end before it passes it on: then the server closes for itself
        List<String> reasons =
                closed.stream().map(event -> event.getString("reason")).sorted().toList();
        assertEquals(2, reasons.size());
        assertEquals("Local", reasons.getFirst());
        assertTrue(List.of("Local", "Remote").contains(reasons.getLast()), reasons.toString());
        closed.forEach(event -> assertTrue(event.getDuration("age").toNanos() > 0));
    }

    /// Goal: who waits for room is seen to wait, for as long as it does.
    @Test
    void waitingForRoomIsRecorded() throws Exception {
        Map<String, List<RecordedEvent>> events = recorded(() -> {
            SendRoom room = new SendRoom(SendRoom.SEND_BYTES);
            SendRoom.Place place = room.enter("somebody", 0);
            assertNotNull(place);
            CompletableFuture<SendRoom.Place> second = new CompletableFuture<>();
            Thread waiter = Thread.ofPlatform().start(() -> {
                try {
                    second.complete(room.enter("somebody", 0));
                } catch (InterruptedException e) {
                    second.completeExceptionally(e);
                }
            });
            while (room.waiters() == 0) {
                Thread.onSpinWait();
            }
            place.leave();
            assertNotNull(second.get());
            waiter.join();
        });
        assertEquals(1, events.get("konce.BackPressure").size());
        assertTrue(events.get("konce.BackPressure").getFirst().getDuration().toNanos() > 0);
    }

    /// Goal: where nothing records, nothing is made for it.
    @Test
    void nothingIsMadeWhileNothingRecords() {
        assertNull(new Flight("a node").sending(ECHO, 1));
    }
}
