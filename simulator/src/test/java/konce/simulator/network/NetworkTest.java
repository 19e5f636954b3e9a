package konce.simulator.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import konce.protocol.Address;
import konce.simulator.clock.Dice;
import konce.simulator.clock.Timeline;
import org.junit.jupiter.api.Test;

class NetworkTest {
    private static final Address SERVER = Address.parse("192.0.2.1:413");
    private static final Address CLIENT = Address.parse("198.51.100.2:50001");

    private final Timeline timeline = new Timeline();
    private final Network network = new Network(timeline, new Dice(1));
    private final List<String> got = new ArrayList<>();

    private void attach(Address address, Rebinding rebinding) {
        network.attach(
                address,
                (remote, datagram) ->
                        got.add(timeline.nowNanos() + ": " + remote + " to " + address + " " + datagram.length),
                LinkOptions.delay(2),
                LinkOptions.delay(3),
                rebinding);
    }

    private void run() {
        while (timeline.step()) {
            assertEquals(0, network.counts().lost());
        }
    }

    /// Goal: a datagram goes through the sender's up link and the receiver's down link; nowhere is nowhere.
    @Test
    void carriesBothWays() {
        attach(SERVER, Rebinding.NEVER);
        attach(CLIENT, Rebinding.NEVER);
        network.send(CLIENT, SERVER, new byte[7]);
        network.send(SERVER, Address.parse("203.0.113.9:9"), new byte[8]);
        run();
        assertEquals(List.of("5: " + CLIENT + " to " + SERVER + " 7"), got);
        assertEquals(1, network.unroutable());
        assertThrows(IllegalArgumentException.class, () -> attach(SERVER, Rebinding.NEVER));
    }

    /// Goal: a tap sees what hosts send, and an injected datagram comes from any address.
    @Test
    void isTappedAndForged() {
        attach(SERVER, Rebinding.NEVER);
        attach(CLIENT, Rebinding.NEVER);
        List<String> seen = new ArrayList<>();
        network.tap((source, destination, datagram) -> seen.add(source + " to " + destination + " " + datagram.length));
        network.send(CLIENT, SERVER, new byte[1]);
        network.inject(SERVER, CLIENT, new byte[2]);
        run();
        assertEquals(List.of(CLIENT + " to " + SERVER + " 1"), seen);
        assertEquals(List.of("3: " + SERVER + " to " + CLIENT + " 2", "5: " + CLIENT + " to " + SERVER + " 1"), got);
    }

    /// Goal: after a rebinding packets come from a new address, the new one leads back, and the old one leads
    /// nowhere.
    @Test
    void rebinds() {
        attach(SERVER, Rebinding.NEVER);
        attach(CLIENT, new Rebinding(100, 100, true, false));
        assertEquals(CLIENT, network.outside(CLIENT));
        timeline.skipTo(100);
        Address outside = network.outside(CLIENT);
        assertNotEquals(CLIENT, outside);
        network.send(SERVER, CLIENT, new byte[1]);
        network.send(SERVER, outside, new byte[2]);
        network.send(CLIENT, SERVER, new byte[3]);
        run();
        assertEquals(
                List.of("105: " + SERVER + " to " + CLIENT + " 2", "105: " + outside + " to " + SERVER + " 3"), got);
        network.heal();
        timeline.skipTo(500);
        assertEquals(outside, network.outside(CLIENT), "a healed network forgets nobody any more");
    }
}
