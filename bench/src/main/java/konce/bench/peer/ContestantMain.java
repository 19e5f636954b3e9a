package konce.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import konce.bench.process.Answering;
import konce.bench.process.Usage;
import org.jspecify.annotations.Nullable;

/// A process of one contestant: its server, or its client. It is asked
///
/// - `listen DISCIPLINE GUARDED` (a server): [Listening]
/// - `connect DISCIPLINE GUARDED ADDRESS` (a client)
/// - `bulk MILLIS`: [Bulk.Moved]; `requests OUTSTANDING MILLIS`: [Requests.Answered]
/// - `connections OUTSTANDING MILLIS`, each closed after its reply, and `open COUNT`, all kept: [Requests.Answered]
/// - `garbage`: [Garbage.Left]
/// - `rest MILLIS`: what it has used so far, after doing nothing for so long
/// - `usage`: what it has used so far; `collect`: the same, after all garbage is collected
public final class ContestantMain implements Answering.Answerer {
    /// Where a server listens.
    public record Listening(String address) {}

    private static final int OPENING_AT_ONCE = 32;
    private static final int COLLECTIONS = 3;

    private final Contestant contestant;
    private final Path scratch;
    private @Nullable Bulk bulk;
    private @Nullable Requests requests;
    private @Nullable Connections connections;
    private @Nullable Garbage garbage;

    private ContestantMain(Contestant contestant, Path scratch) {
        this.contestant = contestant;
        this.scratch = scratch;
    }

    /// @param args the contestant's name, and the folder with its certificate
    public static void main(String[] args) throws IOException {
        Answering.run(new ContestantMain(Contestants.named(args[0]), Path.of(args[1])));
    }

    @Override
    public Object answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "usage" -> Usage.now();
            case "rest" -> rest(Long.parseLong(words[1]));
            case "collect" -> collect();
            case "listen" -> new Listening(contestant.listen(setting(words)));
            case "connect" -> connect(setting(words), words[3]);
            case "bulk" -> require(bulk).moveUntil(System.nanoTime() + nanos(words[1]));
            case "requests" -> RequestLoad.of(require(requests), number(words[1]), nanos(words[2]));
            case "connections" -> connections(number(words[1]), nanos(words[2]));
            case "garbage" -> require(garbage).measure();
            case "open" -> open(number(words[1]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private Usage connect(Setting setting, String address) throws Exception {
        switch (setting.discipline()) {
            case BULK -> bulk = contestant.bulk(address, setting);
            case REQUESTS -> requests = contestant.requests(address, setting);
            case GARBAGE -> garbage = contestant.garbage();
            case HANDSHAKES, IDLE -> connections = contestant.connections(address, setting);
            case REPLY -> {
                connections = contestant.connections(address, setting);
                requests = contestant.requests(address, setting);
            }
        }
        return Usage.now();
    }

    private Requests.Answered connections(int outstanding, long nanos) throws Exception {
        Connections made = require(connections);
        return RequestLoad.of(reply -> made.open(false, reply), outstanding, nanos);
    }

    private Requests.Answered open(int count) throws Exception {
        Connections made = require(connections);
        return RequestLoad.count(reply -> made.open(true, reply), OPENING_AT_ONCE, count);
    }

    private static Usage rest(long millis) throws InterruptedException {
        boolean called = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        assert !called : "nobody calls it";
        return Usage.now();
    }

    private static Usage collect() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return Usage.now();
    }

    private Setting setting(String[] words) {
        return new Setting(
                Discipline.valueOf(words[1].toUpperCase(Locale.ROOT)), Boolean.parseBoolean(words[2]), scratch);
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    private static long nanos(String millis) {
        return TimeUnit.MILLISECONDS.toNanos(Long.parseLong(millis));
    }

    private static <T> T require(@Nullable T client) {
        if (client == null) {
            throw new IllegalStateException("not connected");
        }
        return client;
    }
}
