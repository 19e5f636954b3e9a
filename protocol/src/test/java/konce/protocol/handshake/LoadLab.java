package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SeededRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.Seeds;
import konce.protocol.ServerLoad;
import konce.protocol.SessionProtocol;
import konce.protocol.table.SipHash;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// An [Admission] under clients of many kinds, in virtual time. Nobody hashes: work takes the time that it would take.
/// So a minute of a flood takes a second.
final class LoadLab implements AutoCloseable {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    private static final long ROUND_TRIP = 20 * MILLI;
    private static final long AGREEMENT = 200_000L;
    private static final long RETRY = 400 * MILLI;
    private static final long PATIENCE = 20 * SECOND;

    /// One that wants to connect.
    static final class Visit {
        final Address address;
        final double hashesPerSecond;
        final long beganNanos;
        final @Nullable Regular regular;
        long connectedNanos = -1;
        long mostAsked;

        Visit(Address address, double hashesPerSecond, long beganNanos, @Nullable Regular regular) {
            this.regular = regular;
            this.address = address;
            this.hashesPerSecond = hashesPerSecond;
            this.beganNanos = beganNanos;
        }
    }

    /// A client that comes again under its key.
    static final class Regular {
        final PublicKey key;

        @Nullable
        Ticket ticket;

        Regular(PublicKey key) {
            this.key = key;
        }
    }

    private record Due(long nanos, long order, Runnable what) {}

    final Random chance;
    final Admission admission;
    final List<Visit> visits = new ArrayList<>();
    long nowNanos = SECOND;
    long served;
    final KnownKeys knownKeys;
    private final Vault vault = Vault.open(4_096);
    private final SecretKey durable;
    private final TransientKeys keys;
    private final PriorityQueue<Due> agenda =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingLong(Due::order));
    private final Map<ServerAgreement, Visit> under = new HashMap<>();
    private long order;
    private int idle;

    /// @param threads that serve, 5,000 agreements a second each
    LoadLab(ServerLoad load, int threads, long seed) {
        chance = Seeds.random("load", seed);
        SeededRandom random = new SeededRandom(seed);
        knownKeys = new KnownKeys(random);
        durable = SecretKey.generate(vault, random);
        keys = new TransientKeys(vault, random, durable, nowNanos);
        admission = new Admission(load.withAgreementJobs(2 * threads), new SipHash(seed, ~seed), knownKeys, nowNanos);
        idle = threads;
    }

    void at(long nanos, Runnable what) {
        agenda.add(new Due(Math.max(nanos, nowNanos), order++, what));
    }

    void run(long nanos) {
        long end = nowNanos + nanos;
        while (!agenda.isEmpty() && agenda.peek().nanos() <= end) {
            Due due = agenda.poll();
            nowNanos = due.nanos();
            due.what().run();
        }
        nowNanos = end;
    }

    /// A client that connects now, if it can in its time.
    Visit visit(Address address, double hashesPerSecond) {
        return visit(address, hashesPerSecond, null);
    }

    /// The same under a key that may be known.
    Visit visit(Address address, double hashesPerSecond, @Nullable Regular regular) {
        Visit visit = new Visit(address, hashesPerSecond, nowNanos, regular);
        visits.add(visit);
        ask(visit);
        return visit;
    }

    /// Clients that come evenly for as long as the lab runs.
    void visitors(long everyNanos, Supplier<Address> address, double hashesPerSecond) {
        visit(address.get(), hashesPerSecond);
        at(nowNanos + everyNanos, () -> visitors(everyNanos, address, hashesPerSecond));
    }

    /// A machine that connects again and again, as fast as it can hash and never more than once in `leastNanos`.
    void flood(Supplier<Address> address, double hashesPerSecond, long leastNanos) {
        Address from = address.get();
        long asked = admission.asked(nowNanos, from, KnownKeys.NOBODY);
        long work = (long) (geometric(asked) / hashesPerSecond * SECOND);
        at(nowNanos + Math.max(leastNanos, work), () -> {
            present(null, from, asked);
            flood(address, hashesPerSecond, leastNanos);
        });
    }

    private void ask(Visit visit) {
        if (visit.connectedNanos >= 0 || nowNanos - visit.beganNanos > PATIENCE) {
            return;
        }
        long asked = admission.asked(nowNanos, visit.address, known(visit));
        visit.mostAsked = Math.max(visit.mostAsked, asked);
        long work = (long) (geometric(asked) / visit.hashesPerSecond * SECOND);
        long arrives = nowNanos + ROUND_TRIP + work;
        at(arrives, () -> present(visit, visit.address, asked));
        at(arrives + RETRY, () -> ask(visit));
    }

    private int known(@Nullable Visit visit) {
        Ticket ticket = visit == null || visit.regular == null ? null : visit.regular.ticket;
        return ticket == null ? KnownKeys.NOBODY : knownKeys.find(nowNanos, ticket.handle(), ticket.proof());
    }

    /// Hashes until the first that is right.
    private double geometric(long effort) {
        return effort <= 1 ? effort : -Math.log(1 - chance.nextDouble()) * effort;
    }

    private void present(@Nullable Visit visit, Address from, long offered) {
        int known = known(visit);
        if (admission.check(nowNanos, from, known, offered) == DropReason.NONE) {
            ServerAgreement agreement = agreement(from, known, offered);
            if (visit != null && known != KnownKeys.NOBODY && visit.regular != null && visit.regular.ticket != null) {
                knownKeys.use(known, visit.regular.ticket.handle());
            }
            if (visit != null) {
                under.put(agreement, visit);
            }
            admission.add(nowNanos, agreement);
            serve();
        }
    }

    ServerAgreement agreement(Address from, long offered) {
        return agreement(from, KnownKeys.NOBODY, offered);
    }

    private ServerAgreement agreement(Address from, int known, long offered) {
        MemorySegment packet = Arena.ofAuto().allocate(CookieEcho.NEGOTIATION);
        packet.set(Rig.INT, CookieEcho.EFFORT_OFFERED, (int) offered);
        return new ServerAgreement(
                new ServerAgreement.Server(vault, durable, MemorySegment.NULL, null, false),
                keys.current().acquire(),
                from,
                packet,
                new CookieEcho(),
                SessionProtocol.XCHACHA20_POLY1305,
                new ServerHandshake.Arrival(nowNanos, nowNanos, null, known, 0));
    }

    private void serve() {
        while (idle > 0) {
            ServerAgreement next = admission.poll();
            if (next == null) {
                return;
            }
            idle--;
            at(nowNanos + AGREEMENT, () -> {
                idle++;
                served++;
                admission.finished(nowNanos, next);
                next.transientKey().release();
                Visit visit = under.remove(next);
                if (visit != null && visit.connectedNanos < 0) {
                    visit.connectedNanos = nowNanos;
                    if (visit.regular != null) {
                        visit.regular.ticket = knownKeys.meet(nowNanos, visit.regular.key);
                    }
                }
                serve();
            });
        }
    }

    long connected() {
        return visits.stream().filter(visit -> visit.connectedNanos >= 0).count();
    }

    /// The latency below which this share of the visits that connected stayed.
    long latency(double share) {
        long[] sorted = visits.stream()
                .filter(visit -> visit.connectedNanos >= 0)
                .mapToLong(visit -> visit.connectedNanos - visit.beganNanos)
                .sorted()
                .toArray();
        return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }

    long mostAsked() {
        return visits.stream().mapToLong(visit -> visit.mostAsked).max().orElse(0);
    }

    @Override
    public void close() {
        admission.close();
        keys.close();
        durable.close();
        vault.close();
    }
}
