package konce.simulator.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konce.protocol.Address;
import konce.simulator.clock.Dice;
import konce.simulator.clock.Timeline;
import org.jspecify.annotations.Nullable;

/// The hosts' addresses and the links between them. A host's datagrams go out through its up link and come in through
/// its down link; in between there is no distance.
public final class Network {
    /// A host's way to get datagrams.
    public interface Socket {
        void receive(Address remote, byte[] datagram);
    }

    /// Somebody on the path who sees every datagram between hosts as it leaves, with the address it comes from.
    public interface Tap {
        void see(Address source, Address destination, byte[] datagram);
    }

    private record Place(Socket socket, Link up, Link down, Rebinding rebinding) {}

    private final Timeline timeline;
    private final Dice dice;
    private final LinkCounts counts = new LinkCounts();
    private final Map<Address, Place> places = new LinkedHashMap<>();
    private final List<Tap> taps = new ArrayList<>();
    private long unroutable;
    private long healedNanos = Long.MAX_VALUE;

    public Network(Timeline timeline, Dice dice) {
        this.timeline = timeline;
        this.dice = dice;
    }

    /// Puts a host at an address.
    public void attach(Address address, Socket socket, LinkOptions up, LinkOptions down, Rebinding rebinding) {
        Place place =
                new Place(socket, new Link(up, dice.fork(), counts), new Link(down, dice.fork(), counts), rebinding);
        if (places.putIfAbsent(address, place) != null) {
            throw new IllegalArgumentException("two hosts at " + address);
        }
    }

    public void tap(Tap tap) {
        taps.add(tap);
    }

    /// Ends the faults of every link. Translators keep what they have and forget no more.
    public void heal() {
        healedNanos = timeline.nowNanos();
        for (Place place : places.values()) {
            place.up().heal();
            place.down().heal();
        }
    }

    /// Sends a host's datagram, which must not be changed afterwards.
    ///
    /// @param host the host's own address, before translation
    public void send(Address host, Address destination, byte[] datagram) {
        Place place = places.get(host);
        if (place == null) {
            throw new IllegalArgumentException("no host at " + host);
        }
        Address source = outside(host, place.rebinding());
        for (Tap tap : taps) {
            tap.see(source, destination, datagram);
        }
        place.up()
                .send(
                        timeline.nowNanos(),
                        datagram,
                        (atNanos, bytes) -> timeline.at(atNanos, () -> inject(source, destination, bytes)));
    }

    /// Sends a datagram from anywhere, with any source address: it meets the destination's down link only.
    public void inject(Address source, Address destination, byte[] datagram) {
        Address host = inside(destination);
        Place place = host == null ? null : places.get(host);
        if (place == null) {
            unroutable++;
            return;
        }
        place.down()
                .send(
                        timeline.nowNanos(),
                        datagram,
                        (atNanos, bytes) ->
                                timeline.at(atNanos, () -> place.socket().receive(source, bytes)));
    }

    public LinkCounts counts() {
        return counts;
    }

    /// Datagrams to addresses where nobody is.
    public long unroutable() {
        return unroutable;
    }

    /// The address under which the rest of the network knows a host now.
    public Address outside(Address host) {
        Place place = places.get(host);
        return place == null ? host : outside(host, place.rebinding());
    }

    /// Whether a host is known under this address now.
    public boolean isHost(Address outside) {
        return inside(outside) != null;
    }

    private Address outside(Address host, Rebinding rebinding) {
        long count = rebinding.countAt(Math.min(healedNanos, timeline.nowNanos()));
        if (count == 0) {
            return host;
        }
        int port = (int) (49_152 + (host.port() + count * 7_919) % 16_384);
        return new Address(host.high(), rebinding.newIp() ? host.low() + (count << 8) : host.low(), port);
    }

    private @Nullable Address inside(Address destination) {
        Place direct = places.get(destination);
        if (direct != null && outside(destination, direct.rebinding()).equals(destination)) {
            return destination;
        }
        for (Map.Entry<Address, Place> entry : places.entrySet()) {
            if (entry.getValue().rebinding().isEver()
                    && outside(entry.getKey(), entry.getValue().rebinding()).equals(destination)) {
                return entry.getKey();
            }
        }
        return null;
    }
}
