package konce.simulator.world;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.HandlerId;
import konce.protocol.Refusal;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import konce.protocol.endpoint.Job;
import konce.simulator.check.AmplificationChecker;
import konce.simulator.check.NonceChecker;
import konce.simulator.check.PacketType;
import konce.simulator.check.Rule;
import konce.simulator.clock.Dice;
import konce.simulator.network.Network;

/// A machine: one party behind one socket, a clock, and somebody who uses it. Drives the party as its contract asks:
/// after every input and every command it is drained before the next.
final class Host implements Network.Socket {
    /// Datagrams or events without time passing after which a party has run away.
    static final int INSTANT_MAX = 200_000;

    /// Wake-ups in a row that bring nothing, and nothing else happening, after which a party has run away.
    static final int FRUITLESS_WAKES_MAX = 1_000;

    /// Which machine it is.
    ///
    /// @param serves whether it may send to whoever sends to it
    record Place(String name, Address address, boolean serves) {}

    /// Who uses the party.
    interface User {
        void on(Event event);
    }

    private final World world;
    private final Place place;
    private final String name;
    private final Address address;
    private final boolean serves;
    private Party party;
    private final HostClock clock;
    private final Dice dice;
    private final MemorySegment inbound;
    private AmplificationChecker amplification;
    private final NonceChecker nonces;
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final Set<Address> known = new HashSet<>();
    private final long[] jobs = new long[Job.Kind.values().length];
    private User user = _ -> {};
    private int lives;
    private int jobsUnderWay;
    private boolean busy;
    private boolean closed;
    private long wakeNanos = Long.MAX_VALUE;
    private long fruitlessWakes;
    private long doings;
    private long instantNanos;
    private long instantCount;
    private long datagramsSent;
    private long lastSentNanos;

    Host(World world, Place place, Party party, HostClock clock, Dice dice, MemorySegment inbound) {
        this.world = world;
        this.place = place;
        name = place.name();
        address = place.address();
        serves = place.serves();
        this.party = party;
        this.clock = clock;
        this.dice = dice;
        this.inbound = inbound;
        amplification = new AmplificationChecker(world.findings());
        nonces = new NonceChecker(world.findings(), name, serves ? "SERVER" : "CLIENT", world.vault());
    }

    void use(User newUser) {
        user = newUser;
    }

    /// From now on it may send there.
    void know(Address remote) {
        known.add(remote);
    }

    /// Does what its user wants done, and then all that follows from it now.
    void act(Runnable what) {
        if (closed) {
            return;
        }
        if (busy) {
            what.run();
            return;
        }
        busy = true;
        what.run();
        settle();
        for (Event event = events.poll(); event != null; event = events.poll()) {
            user.on(event);
            settle();
        }
        busy = false;
    }

    @Override
    public void receive(Address remote, byte[] datagram) {
        act(() -> {
            MemorySegment segment = inbound.asSlice(0, datagram.length);
            MemorySegment.copy(datagram, 0, segment, ValueLayout.JAVA_BYTE, 0, datagram.length);
            fruitlessWakes = 0;
            int secrets = world.vault().secretsLive();
            DropReason reason = party.handleDatagram(nowNanos(), remote, segment);
            PacketType type = PacketType.of(datagram);
            // = docs/spec/03-handshake.md R3.4
            world.findings()
                    .require(
                            (type != PacketType.INIT && type != PacketType.COOKIE_ECHO)
                                    || world.vault().secretsLive() == secrets,
                            Rule.MEMORY,
                            name + " keeps a secret for " + remote + " on its " + type
                                    + ", before any group operation");
            boolean proves = reason == DropReason.NONE && type == PacketType.COOKIE_ECHO;
            amplification.received(
                    remote, datagram.length, proves, world.network().isHost(remote));
            if (serves) {
                known.add(remote);
            }
            world.trace().received(name, remote, datagram, reason);
        });
    }

    long send(Target target, HandlerId handler, byte[] payload, SendOptions options) {
        long ticket = party.send(nowNanos(), target, handler, MemorySegment.ofArray(payload), options);
        settle();
        return ticket;
    }

    void cancel(long ticket) {
        party.cancel(nowNanos(), ticket);
        settle();
    }

    void release(long channel, long credit) {
        party.release(nowNanos(), channel, credit);
        settle();
    }

    void refuse(long channel, HandlerId replyTo, Refusal why) {
        party.refuse(nowNanos(), channel, replyTo, why);
        settle();
    }

    void openHandler(HandlerId handler) {
        party.openHandler(handler);
        settle();
    }

    HandlerId openSessionHandler(long channel) {
        HandlerId handler = party.openSessionHandler(channel);
        settle();
        return handler;
    }

    void closeHandler(long channel, HandlerId handler) {
        party.closeHandler(channel, handler);
        settle();
    }

    void closeChannel(long channel) {
        party.closeChannel(nowNanos(), channel, 0, "the simulation closes it");
        settle();
    }

    List<ChannelStatus> channels() {
        return party.channels(nowNanos());
    }

    /// Its address changes, and it knows.
    void moved() {
        act(() -> party.handleMoved(nowNanos()));
        world.trace().note(name, "moves");
    }

    /// Its process dies, and another takes its place: nothing is left of the old one but its jobs, which nobody
    /// wants.
    void restart() {
        party.close();
        events.clear();
        wakeNanos = Long.MAX_VALUE;
        lives++;
        amplification = new AmplificationChecker(world.findings());
        party = world.hostMaker().party(place, dice, nowNanos());
        world.trace().note(name, "restarts");
    }

    void close() {
        closed = true;
        party.close();
        nonces.close();
    }

    String name() {
        return name;
    }

    Address address() {
        return address;
    }

    long dropped(DropReason reason) {
        return party.dropped(reason);
    }

    boolean isJobUnderWay() {
        return jobsUnderWay > 0;
    }

    long jobs(Job.Kind kind) {
        return jobs[kind.ordinal()];
    }

    long datagramsSent() {
        return datagramsSent;
    }

    long lastSentNanos() {
        return lastSentNanos;
    }

    private long nowNanos() {
        return clock.at(world.timeline().nowNanos());
    }

    /// Drains the party and plans its next wake-up.
    private void settle() {
        for (Job job = party.pollJob(); job != null; job = party.pollJob()) {
            start(job);
        }
        for (Event event = party.pollEvent(); event != null; event = party.pollEvent()) {
            countInstant();
            world.trace().event(name, event);
            if (event instanceof Event.SecretDerived secret) {
                nonces.logged(secret.label(), secret.clientRandom(), secret.secret());
            }
            events.add(event);
        }
        long nowNanos = nowNanos();
        for (Party.Outgoing out = party.pollDatagram(nowNanos); out != null; out = party.pollDatagram(nowNanos)) {
            countInstant();
            transmit(out);
        }
        long dueNanos = clock.trueNanos(party.nextDeadlineNanos());
        if (dueNanos != Long.MAX_VALUE
                && (dueNanos < wakeNanos || wakeNanos < world.timeline().nowNanos())) {
            wakeNanos = Math.max(dueNanos, world.timeline().nowNanos());
            long plannedNanos = wakeNanos;
            long lateNanos = dice.between(0, world.plan().hosts().timerSlackNanosMax());
            world.timeline().at(plannedNanos + lateNanos, () -> wake(plannedNanos));
        }
    }

    private void wake(long plannedNanos) {
        if (plannedNanos != wakeNanos || closed) {
            return;
        }
        wakeNanos = Long.MAX_VALUE;
        long doingsBefore = doings;
        act(() -> party.handleDeadline(nowNanos()));
        fruitlessWakes = doings == doingsBefore ? fruitlessWakes + 1 : 0;
        if (fruitlessWakes > FRUITLESS_WAKES_MAX) {
            world.abort(Rule.RAN_AWAY, name + " wants to be woken again and again, and then does nothing");
        }
    }

    private void start(Job job) {
        jobs[job.kind().ordinal()]++;
        jobsUnderWay++;
        long mostNanos = world.plan().hosts().jobNanosMax();
        boolean early = dice.chance(0.5);
        int life = lives;
        if (early) {
            job.run();
        }
        world.timeline().after(dice.between(mostNanos / 10, mostNanos), () -> {
            jobsUnderWay--;
            if (!early) {
                job.run();
            }
            act(() -> {
                if (life == lives) {
                    party.handleJob(nowNanos(), job);
                }
            });
        });
    }

    private void transmit(Party.Outgoing out) {
        byte[] datagram = out.datagram();
        datagramsSent++;
        lastSentNanos = world.timeline().nowNanos();
        world.trace().sent(name, out.remote(), datagram);
        if (serves) {
            amplification.sent(out.remote(), datagram.length);
        }
        world.findings()
                .require(
                        known.contains(out.remote()),
                        Rule.STRAY,
                        name + " sent to " + out.remote() + ", which it was never given");
        nonces.sent(datagram);
        if (PacketType.of(datagram) == PacketType.COOKIE_ECHO) {
            world.work().echoed(datagram);
        }
        world.network().send(address, out.remote(), datagram);
    }

    private void countInstant() {
        doings++;
        long trueNanos = world.timeline().nowNanos();
        instantCount = trueNanos == instantNanos ? instantCount + 1 : 0;
        instantNanos = trueNanos;
        if (instantCount > INSTANT_MAX) {
            throw new IllegalStateException(name + " sends without end at " + trueNanos + " ns");
        }
    }
}
