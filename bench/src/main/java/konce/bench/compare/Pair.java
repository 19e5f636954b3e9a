package konce.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import konce.bench.peer.Contestant;
import konce.bench.peer.ContestantMain;
import konce.bench.peer.Discipline;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.process.Usage;

/// The two processes of one contestant, connected.
final class Pair implements AutoCloseable {
    private static final long START_SECONDS_MAX = 30;
    private static final long USAGE_SECONDS_MAX = 10;

    private final Contestant contestant;
    private final Children children;
    private final Child server;
    private final Child client;

    private Pair(Contestant contestant, Children children, Child server, Child client) {
        this.contestant = contestant;
        this.children = children;
        this.server = server;
        this.client = client;
    }

    /// Starts both; the client is connected.
    static Pair start(Children children, Contestant contestant, Discipline discipline, Path scratch)
            throws IOException, ChildException, InterruptedException {
        Child server = child(children, contestant, discipline + " server", scratch);
        Child client = child(children, contestant, discipline + " client", scratch);
        Pair pair = new Pair(contestant, children, server, client);
        try {
            ContestantMain.Listening listening =
                    server.ask(ContestantMain.Listening.class, START_SECONDS_MAX, "listen " + discipline.word());
            client.ask(Usage.class, START_SECONDS_MAX, "connect " + discipline.word() + " " + listening.address());
            return pair;
        } catch (ChildException | InterruptedException e) {
            pair.close();
            throw e;
        }
    }

    private static Child child(Children children, Contestant contestant, String role, Path scratch) throws IOException {
        return children.java(
                contestant.name() + " " + role,
                contestant.environment(),
                ContestantMain.class,
                contestant.name(),
                scratch.toString());
    }

    Contestant contestant() {
        return contestant;
    }

    Child client() {
        return client;
    }

    /// What both have used so far.
    Usage usage() throws ChildException, InterruptedException {
        return usage(server).plus(usage(client));
    }

    private static Usage usage(Child child) throws ChildException, InterruptedException {
        return child.ask(Usage.class, USAGE_SECONDS_MAX, "usage");
    }

    @Override
    public void close() {
        children.end(client);
        children.end(server);
    }
}
