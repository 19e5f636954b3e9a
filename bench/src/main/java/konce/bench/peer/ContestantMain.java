package konce.bench.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import konce.bench.process.Answering;
import konce.bench.process.Usage;
import org.jspecify.annotations.Nullable;

/// A process of one contestant: its server, or its client. It is asked
///
/// - `listen DISCIPLINE` (a server): [Listening]
/// - `connect DISCIPLINE ADDRESS` (a client)
/// - `bulk MILLIS`: [Bulk.Moved]; `requests OUTSTANDING MILLIS`: [Requests.Answered]
/// - `usage`: what it has used so far
public final class ContestantMain implements Answering.Answerer {
    /// Where a server listens.
    public record Listening(String address) {}

    private final Contestant contestant;
    private final Path scratch;
    private @Nullable Bulk bulk;
    private @Nullable Requests requests;

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
            case "listen" -> new Listening(contestant.listen(discipline(words[1]), scratch));
            case "connect" -> connect(discipline(words[1]), words[2]);
            case "bulk" -> require(bulk).moveUntil(System.nanoTime() + nanos(words[1]));
            case "requests" -> RequestLoad.run(require(requests), Integer.parseInt(words[1]), nanos(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private Usage connect(Discipline discipline, String address) throws Exception {
        switch (discipline) {
            case BULK -> bulk = contestant.bulk(address, scratch);
            case REQUESTS -> requests = contestant.requests(address, scratch);
        }
        return Usage.now();
    }

    private static Discipline discipline(String word) {
        return Discipline.valueOf(word.toUpperCase(Locale.ROOT));
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
