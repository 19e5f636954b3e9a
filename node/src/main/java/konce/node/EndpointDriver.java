package konce.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import konce.node.observe.Flight;
import konce.node.socket.InterfaceLimits;
import konce.node.socket.Transport;
import konce.node.socket.UdpSocket;
import konce.protocol.Address;
import konce.protocol.Event;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.Job;
import org.jspecify.annotations.Nullable;

/// Marries one endpoint to one socket on one loop. After every read pass, batch of commands and deadline it drains the
/// endpoint: jobs to their threads, events to the router, transmits to the socket; then one deadline is set.
///
/// - threads: [#execute], [#isOnLoop] and [#handleJob] from any; all else the loop's
/// - time: the only clock of the endpoint is read here
final class EndpointDriver implements UdpSocket.Receiver {
    /// Commands run before the endpoint is drained: more wait longer for their first byte, fewer share fewer
    /// packets.
    private static final int COMMANDS_PER_DRAIN_MAX = 1_024;

    /// Sends in one drain before the socket is read again: 1 MiB at most.
    private static final int TRANSMITS_PER_DRAIN_MAX = 16;

    /// The shortest time a timer is set to: what is paced leaves in sends of many datagrams, not one by one.
    private static final long TIMER_NANOS_MIN = 200_000;

    /// How soon to look again at a deadline that has passed but needs a socket that has no room.
    private static final long ROOM_POLL_NANOS = 1_000_000;

    private static final Logger LOG = System.getLogger("konce.node");

    /// Something an application wants of the endpoint.
    interface Command {
        void run(Endpoint endpoint, long nowNanos);

        /// Instead of [#run], when the node closed first or the command failed.
        default void abandon(String why) {}
    }

    private final Endpoint endpoint;
    private final UdpSocket socket;
    private final JobRunner jobs;
    private final Consumer<Event> events;
    private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean commandsDue = new AtomicBoolean();
    private final Runnable runCommands = this::runCommands;
    private final Runnable runDeadline = this::runDeadline;
    private final Runnable drain = this::drain;
    private volatile boolean closed;
    private boolean draining;
    private Flight flight = new Flight("");
    private long readNanos;
    /// Whether a drain is under way that goes on, or comes after what runs now.
    private boolean willDrain;
    private @Nullable Future<?> timer;
    private long timerAtNanos;

    /// @param events takes each event, on the loop, in order; it may call the endpoint's commands, and must not
    /// block
    EndpointDriver(
            Endpoint endpoint,
            Transport transport,
            InetSocketAddress listen,
            UdpSocket.Options options,
            JobThreads threads,
            Consumer<Event> events)
            throws IOException {
        this.endpoint = endpoint;
        this.events = events;
        socket = UdpSocket.open(transport, listen, options, this);
        endpoint.limitDatagrams(new InterfaceLimits());
        jobs = new JobRunner(threads.agreements(), threads.puzzles(), this::handleJob);
    }

    /// How many threads run jobs.
    record JobThreads(int agreements, int puzzles) {}

    void start() {
        socket.start();
    }

    /// Goes on from another address.
    void rebind(InetSocketAddress listen) throws IOException {
        socket.rebind(listen);
        execute(Endpoint::handleMoved);
    }

    /// Tells a recorder what its endpoint asks of clients, from now on.
    void record(Flight recorder) {
        flight = recorder;
    }

    UdpSocket socket() {
        return socket;
    }

    JobRunner jobs() {
        return jobs;
    }

    Endpoint endpoint() {
        assert isOnLoop();
        return endpoint;
    }

    boolean isOnLoop() {
        return socket.loop().inEventLoop();
    }

    /// Runs a command on the loop, soon; or abandons it at once when the node is closed.
    void execute(Command command) {
        commands.add(command);
        if (closed) {
            abandonCommands();
        } else if (!commandsDue.getAndSet(true)) {
            wake();
        }
    }

    /// Runs a command at once where the caller is on the loop and the loop will drain after it; else soon, as
    /// [#execute] does.
    void executeHere(Command command) {
        if (isOnLoop() && willDrain && !closed) {
            runCommand(command);
        } else {
            execute(command);
        }
    }

    @Override
    public void handleRead() {
        readNanos = System.nanoTime();
    }

    @Override
    public void handleDatagram(Address remote, MemorySegment datagram) {
        endpoint.handleDatagram(readNanos, remote, datagram);
    }

    @Override
    public void handleReadComplete() {
        drain();
    }

    @Override
    public void handleRoom() {
        if (!draining) {
            socket.loop().execute(drain);
        }
    }

    @Override
    public boolean isWorkDue() {
        return commandsDue.get();
    }

    @Override
    public void handleFailure(Throwable cause) {
        LOG.log(Level.ERROR, "the endpoint failed on a datagram, which is a fault of its own", cause);
    }

    private void handleJob(Job job) {
        execute((target, nowNanos) -> target.handleJob(nowNanos, job));
    }

    private void wake() {
        try {
            socket.loop().execute(runCommands);
        } catch (RejectedExecutionException e) {
            // The loop has ended, so nothing runs there any more: whoever waits is told here.
            closed = true;
            abandonCommands();
        }
    }

    private void runCommands() {
        commandsDue.set(false);
        willDrain = true;
        Command command = commands.poll();
        for (int i = 1; command != null && i < COMMANDS_PER_DRAIN_MAX; i++) {
            runCommand(command);
            command = commands.poll();
        }
        if (command != null) {
            runCommand(command);
        }
        drain();
        if (command != null && !commandsDue.getAndSet(true)) {
            wake();
        }
    }

    private void runCommand(Command command) {
        try {
            command.run(endpoint, System.nanoTime());
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a command failed", e);
            command.abandon(String.valueOf(e.getMessage()));
        }
    }

    private void abandonCommands() {
        for (Command command = commands.poll(); command != null; command = commands.poll()) {
            command.abandon(CLOSED);
        }
    }

    /// What callers of a closed node are told.
    static final String CLOSED = "the node is closed";

    private void runDeadline() {
        timer = null;
        if (closed) {
            return;
        }
        long nowNanos = System.nanoTime();
        long deadlineNanos = endpoint.nextDeadlineNanos();
        if (deadlineNanos != Endpoint.NO_DEADLINE && deadlineNanos - nowNanos <= 0) {
            endpoint.handleDeadline(nowNanos);
        }
        drain();
    }

    /// Empties the endpoint. Called again from inside it does nothing: the outer call goes on.
    private void drain() {
        if (draining || closed) {
            return;
        }
        draining = true;
        willDrain = true;
        try {
            int sent = 0;
            drainJobsAndEvents();
            do {
                sent += drainTransmits(System.nanoTime(), TRANSMITS_PER_DRAIN_MAX - sent);
            } while (drainJobsAndEvents() && sent < TRANSMITS_PER_DRAIN_MAX);
            if (sent == TRANSMITS_PER_DRAIN_MAX) {
                socket.loop().execute(drain);
            }
        } finally {
            draining = false;
            willDrain = false;
        }
        flight.effort(endpoint.effort());
        setTimer();
    }

    /// @return whether there was an event, which may have made more to send
    private boolean drainJobsAndEvents() {
        boolean any = false;
        for (Event event = endpoint.pollEvent(); event != null; event = endpoint.pollEvent()) {
            events.accept(event);
            any = true;
        }
        while (jobs.hasRoom()) {
            Job job = endpoint.pollJob();
            if (job == null) {
                return any;
            }
            jobs.start(job);
        }
        return any;
    }

    /// All at one time: while it is sent, the pacer would allow a few datagrams more, and a few more again, where
    /// one
    /// send of many costs hardly more than one of few.
    private int drainTransmits(long nowNanos, int most) {
        int sent = 0;
        while (sent < most && socket.hasRoom() && endpoint.pollTransmit(nowNanos, socket.transmit())) {
            socket.send();
            sent++;
        }
        socket.flush();
        return sent;
    }

    /// One timer at most. A deadline that moved away leaves it be: it fires, finds nothing due, and is set anew.
    private void setTimer() {
        long deadlineNanos = endpoint.nextDeadlineNanos();
        if (deadlineNanos == Endpoint.NO_DEADLINE) {
            return;
        }
        Future<?> old = timer;
        if (old != null) {
            if (deadlineNanos - timerAtNanos >= 0) {
                return;
            }
            old.cancel(false);
        }
        long delayNanos =
                Math.max(deadlineNanos - System.nanoTime(), socket.hasRoom() ? TIMER_NANOS_MIN : ROOM_POLL_NANOS);
        timerAtNanos = deadlineNanos;
        timer = socket.loop().schedule(runDeadline, delayNanos, TimeUnit.NANOSECONDS);
    }

    /// The last thing on the loop: what is said so far goes out, and nothing reaches the endpoint after it.
    void closeOnLoop() {
        assert isOnLoop();
        drain();
        closed = true;
        Future<?> last = timer;
        if (last != null) {
            last.cancel(false);
        }
        endpoint.close();
        abandonCommands();
    }
}
