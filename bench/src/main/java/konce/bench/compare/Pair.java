package konce.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import konce.bench.peer.Contestant;
import konce.bench.peer.ContestantMain;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.process.Usage;

/// The two processes of one contestant, connected.
final class Pair implements AutoCloseable {
    private static final long START_SECONDS_MAX = 30;
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Contestant contestant;
    private final Children children;
    private final Child server;
    private final Child client;
    private final Route.Way way;

    private Pair(Contestant contestant, Children children, Child server, Child client, Route.Way way) {
        this.contestant = contestant;
        this.children = children;
        this.server = server;
        this.client = client;
        this.way = way;
    }

    /// Starts both; the client is connected.
    static Pair start(Children children, Contestant contestant, Trial trial, Path scratch)
            throws IOException, ChildException, InterruptedException {
        String what = trial.discipline().word() + " " + trial.isGuarded();
        Child server = child(children, contestant, trial, "server", scratch);
        try {
            String address = server.ask(ContestantMain.Listening.class, START_SECONDS_MAX, "listen " + what)
                    .address();
            Route.Way way = trial.route().open(contestant, address);
            Child client = child(children, contestant, trial, "client", scratch);
            Pair pair = new Pair(contestant, children, server, client, way);
            try {
                client.ask(Usage.class, START_SECONDS_MAX, "connect " + what + " " + way.address());
                return pair;
            } catch (ChildException | InterruptedException e) {
                pair.close();
                throw e;
            }
        } catch (ChildException | IOException | InterruptedException e) {
            children.end(server);
            throw e;
        }
    }

    private static Child child(Children children, Contestant contestant, Trial trial, String role, Path scratch)
            throws IOException {
        Children.Surroundings surroundings = new Children.Surroundings(trial.options(), contestant.environment());
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

    /// What the server has used so far, after its garbage is collected.
    Usage serverCollected() throws ChildException, InterruptedException {
        return server.ask(Usage.class, ANSWER_SECONDS_MAX, "collect");
    }

    @Override
    public void close() {
        children.end(client);
        children.end(server);
        way.close();
    }
}
