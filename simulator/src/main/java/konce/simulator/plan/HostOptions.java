package konce.simulator.plan;

import java.util.List;
import java.util.function.Consumer;
import konce.protocol.Limits;
import konce.protocol.endpoint.KeyPolicy;

/// The endpoints of a run: one server and its clients.
///
/// @param clients how many clients
/// @param identities durable keys of each client; messages are spread over them
/// @param anonymous share of messages sent under no identity, 0.0 to 1.0; above 0 the server takes anonymous clients
/// @param effort work the server asks of everybody, in expected hashes
/// @param puzzleJobs shares a client splits its work into
/// @param handshakeProtocols numbers each side offers, in an order drawn per host
/// @param sessionProtocols numbers each side offers, in an order drawn per host
/// @param ipv6 whether addresses are IPv6
/// @param deadAddresses how many addresses at which nobody is stand before the server's own
/// @param messageBytesMax the largest message either side takes; the credit they give is one of these, or the least
///     there is
/// @param datagramBytesMax the largest datagram their interfaces take
/// @param restartNanos when the server's process dies and another takes its place; 0: never
/// @param jobNanosMax the longest a job takes; each is drawn from a tenth of it up
/// @param timerSlackNanosMax how late a host may wake
/// @param clockRatePpmMax how much faster or slower than true time a host's clock may run, in parts per million
/// @param keys how each side renews the keys of its channels
public record HostOptions(
        int clients,
        int identities,
        double anonymous,
        long effort,
        int puzzleJobs,
        List<Long> handshakeProtocols,
        List<Long> sessionProtocols,
        boolean ipv6,
        int deadAddresses,
        int messageBytesMax,
        int datagramBytesMax,
        long restartNanos,
        long jobNanosMax,
        long timerSlackNanosMax,
        int clockRatePpmMax,
        KeyPolicy keys) {

    private static final long MICROSECOND = 1_000L;

    /// One client with one identity, no effort, every protocol, IPv4.
    public static final HostOptions PLAIN = new HostOptions(
            1,
            1,
            0,
            0,
            1,
            List.of(1L, 2L),
            List.of(1L, 2L, 3L),
            false,
            0,
            Limits.MESSAGE_BYTES_MAX,
            Limits.DATAGRAM_BYTES_BASE,
            0,
            400 * MICROSECOND,
            200 * MICROSECOND,
            50,
            KeyPolicy.DEFAULT);

    public HostOptions {
        handshakeProtocols = List.copyOf(handshakeProtocols);
        sessionProtocols = List.copyOf(sessionProtocols);
        if (clients < 1 || identities < 1) {
            throw new IllegalArgumentException(clients + " clients with " + identities + " identities");
        }
    }

    /// Whether the server's process is another by now.
    public boolean hasRestarted(long nowNanos) {
        return restartNanos > 0 && nowNanos >= restartNanos;
    }

    public HostOptions withClients(int newClients, int newIdentities, double newAnonymous) {
        return with(draft -> {
            draft.clients = newClients;
            draft.identities = newIdentities;
            draft.anonymous = newAnonymous;
        });
    }

    public HostOptions withEffort(long newEffort, int newPuzzleJobs) {
        return with(draft -> {
            draft.effort = newEffort;
            draft.puzzleJobs = newPuzzleJobs;
        });
    }

    public HostOptions withIpv6() {
        return with(draft -> draft.ipv6 = true);
    }

    public HostOptions withClocks(long newJobNanosMax, long newTimerSlackNanosMax, int newClockRatePpmMax) {
        return with(draft -> {
            draft.jobNanosMax = newJobNanosMax;
            draft.timerSlackNanosMax = newTimerSlackNanosMax;
            draft.clockRatePpmMax = newClockRatePpmMax;
        });
    }

    public HostOptions withDeadAddresses(int newDeadAddresses) {
        return with(draft -> draft.deadAddresses = newDeadAddresses);
    }

    public HostOptions withMessageBytesMax(int newMessageBytesMax) {
        return with(draft -> draft.messageBytesMax = newMessageBytesMax);
    }

    public HostOptions withDatagramBytesMax(int newDatagramBytesMax) {
        return with(draft -> draft.datagramBytesMax = newDatagramBytesMax);
    }

    public HostOptions withRestart(long newRestartNanos) {
        return with(draft -> draft.restartNanos = newRestartNanos);
    }

    public HostOptions withKeys(KeyPolicy newKeys) {
        return with(draft -> draft.keys = newKeys);
    }

    private HostOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /// The components while they change: one place that lists them, for every method above.
    private static final class Draft {
        int clients;
        int identities;
        double anonymous;
        long effort;
        int puzzleJobs;
        List<Long> handshakeProtocols;
        List<Long> sessionProtocols;
        boolean ipv6;
        int deadAddresses;
        int messageBytesMax;
        int datagramBytesMax;
        long restartNanos;
        long jobNanosMax;
        long timerSlackNanosMax;
        int clockRatePpmMax;
        KeyPolicy keys;

        Draft(HostOptions from) {
            clients = from.clients;
            identities = from.identities;
            anonymous = from.anonymous;
            effort = from.effort;
            puzzleJobs = from.puzzleJobs;
            handshakeProtocols = from.handshakeProtocols;
            sessionProtocols = from.sessionProtocols;
            ipv6 = from.ipv6;
            deadAddresses = from.deadAddresses;
            messageBytesMax = from.messageBytesMax;
            datagramBytesMax = from.datagramBytesMax;
            restartNanos = from.restartNanos;
            jobNanosMax = from.jobNanosMax;
            timerSlackNanosMax = from.timerSlackNanosMax;
            clockRatePpmMax = from.clockRatePpmMax;
            keys = from.keys;
        }

        HostOptions finish() {
            return new HostOptions(
                    clients,
                    identities,
                    anonymous,
                    effort,
                    puzzleJobs,
                    handshakeProtocols,
                    sessionProtocols,
                    ipv6,
                    deadAddresses,
                    messageBytesMax,
                    datagramBytesMax,
                    restartNanos,
                    jobNanosMax,
                    timerSlackNanosMax,
                    clockRatePpmMax,
                    keys);
        }
    }
}
