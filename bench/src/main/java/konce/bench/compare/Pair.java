package konce.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import konce.bench.peer.Contestant;
import konce.bench.peer.ContestantMain;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.process.Usage;
import org.jspecify.annotations.Nullable;

/// The two processes of one contestant, connected.
final class Pair implements AutoCloseable {
    private static final long START_SECONDS_MAX = 60;
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Contestant contestant;
    private final Children children;
    private final Child server;
    private final Child client;
    private Route.@Nullable Way way;

    private Pair(Contestant contestant, Children children, Child server, Child client) {
        this.contestant = contestant;
        this.children = children;
        this.server = server;
        this.client = client;
    }

    /// Starts both processes. They are not ready yet, so that others can be started meanwhile.
    static Pair start(Children children, Contestant contestant, Trial trial, Path scratch) throws IOException {
        Child server = child(children, contestant, trial, "server", scratch);
        return new Pair(contestant, children, server, child(children, contestant, trial, "client", scratch));
    }

    /// Lets the server listen, and connects the client.
    void connect(Trial trial) throws IOException, ChildException, InterruptedException {
        String what = trial.discipline().word() + " " + trial.isGuarded();
        String address = server.ask(ContestantMain.Listening.class, START_SECONDS_MAX, "listen " + what)
                .address();
        Route.Way open = trial.route().open(contestant, address);
        way = open;
        client.ask(Usage.class, START_SECONDS_MAX, "connect " + what + " " + open.address());
    }

    private static Child child(Children children, Contestant contestant, Trial trial, String role, Path scratch)
            throws IOException {
        Children.Surroundings surroundings = new Children.Surroundings(trial.options(), contestant.environment(), 0);
        String name = contestant.name() + " " + trial.title() + " " + role;
        return children.java(name, surroundings, ContestantMain.class, contestant.name(), scratch.toString());
    }

    Contestant contestant() {
        return contestant;
    }

    /// Asks the client.
    <T> T ask(Class<T> type, String question) throws ChildException, InterruptedException {
        return client.ask(type, ANSWER_SECONDS_MAX, question);
    }

    /// What both have used so far.
    Usage usage() throws ChildException, InterruptedException {
        return serverUsage().plus(ask(Usage.class, "usage"));
    }

    /// What the server has used so far.
    Usage serverUsage() throws ChildException, InterruptedException {
        return server.ask(Usage.class, ANSWER_SECONDS_MAX, "usage");
    }

    /// What the server has used so far, after so much time in which nobody asks anything.
    Usage serverRested(int millis) throws ChildException, InterruptedException {
        return server.ask(Usage.class, ANSWER_SECONDS_MAX, "rest " + millis);
    }

    /// What the server has used so far, after its garbage is collected.
    Usage serverCollected() throws ChildException, InterruptedException {
        return server.ask(Usage.class, ANSWER_SECONDS_MAX, "collect");
    }

    @Override
    public void close() {
        children.end(client);
        children.end(server);
        if (way != null) {
            way.close();
        }
    }
}
