package konce.bench.presence;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import konce.bench.presence.PresenceChild.Done;
import konce.bench.presence.PresenceChild.Place;
import konce.bench.presence.PresenceChild.State;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.report.Bar;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce bench presences`.
@Command(
        name = "presences",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Fill a server with peers at rest, and send messages of any of them.",
            "",
            "Two processes, real sockets on loopback. The first peers come of real handshakes, whose channels are then"
                    + " closed. The others are planted on both sides, since a million handshakes take ten minutes: each"
                    + " side computes from a seed of this run what a handshake would have agreed on. From there on nothing"
                    + " is cut short: the records are the same, and each message and its reply is a sealed packet."
        })
public final class PresencesCommand implements Callable<Integer> {
    private static final long SECONDS_MAX = 600;
    private static final double MEGABYTE = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double RESIDENT_BYTES_MAX = 300 * MEGABYTE;
    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    @Option(names = "--count", paramLabel = "N", description = "Peers at rest (default: ${DEFAULT-VALUE}).")
    int count = 1_000_000;

    @Option(
            names = "--handshakes",
            paramLabel = "N",
            description = "Of these, so many by real handshakes (default: ${DEFAULT-VALUE}).")
    int handshakes = 10_000;

    @Option(
            names = "--messages",
            paramLabel = "N",
            description = "Messages, each of another peer, drawn at random (default: ${DEFAULT-VALUE}).")
    int messages = 100_000;

    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure there.")
    @Nullable
    Path json;

    /// What came of it.
    private record Report(
            int count,
            int byHandshakes,
            double handshakesSeconds,
            double plantedSeconds,
            State before,
            State after,
            long messages,
            long answered,
            double messagesSeconds,
            List<Bar> bars) {}

    @Override
    public Integer call() throws IOException, InterruptedException, ChildException {
        if (count < 1 || count > Limits.PRESENCES_MAX || handshakes > count || messages > count) {
            throw new IllegalArgumentException(
                    "--count is in 1.." + Limits.PRESENCES_MAX + ", and the other numbers are not above it");
        }
        try (Children children = new Children(Files.createTempDirectory("konce-presences"))) {
            Report report = measure(
                    children.java("server", Children.Surroundings.USUAL, PresenceChild.class, "server"),
                    children.java("client", Children.Surroundings.USUAL, PresenceChild.class, "client"));
            print(report);
            if (json != null) {
                Files.writeString(json, GSON.toJson(report));
            }
            return report.bars.stream().allMatch(Bar::met) ? 0 : 1;
        }
    }

    private Report measure(Child server, Child client) throws ChildException, InterruptedException {
        Place place = server.ask(Place.class, SECONDS_MAX, "place");
        Place clientPlace = client.ask(Place.class, SECONDS_MAX, "place");
        client.ask(Done.class, SECONDS_MAX, "server " + place.key() + " " + place.port());
        String begin = "seed " + ThreadLocalRandom.current().nextLong();
        server.ask(Done.class, SECONDS_MAX, begin);
        client.ask(Done.class, SECONDS_MAX, begin);
        State before = server.ask(State.class, SECONDS_MAX, "state");
        IO.println("real handshakes: " + handshakes + " …");
        client.ask(Done.class, SECONDS_MAX, "identities " + handshakes);
        server.ask(Done.class, SECONDS_MAX, "identities " + handshakes);
        Done met = client.ask(Done.class, SECONDS_MAX, "handshakes " + handshakes);
        int planted = count - handshakes;
        IO.println("planted: " + planted + " …");
        long start = System.nanoTime();
        CompletableFuture<Done> atServer = ask(server, "plant " + planted + " " + clientPlace.port());
        client.ask(Done.class, SECONDS_MAX, "plant " + planted);
        atServer.join();
        double plantedSeconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        State after = server.ask(State.class, SECONDS_MAX, "state");
        IO.println("messages: " + messages + " …");
        long draw = ThreadLocalRandom.current().nextLong();
        Done sent = client.ask(Done.class, SECONDS_MAX, "messages " + messages + " " + draw);
        double more = after.residentBytes() - (double) before.residentBytes();
        return new Report(
                after.presences(),
                (int) met.count(),
                met.nanos() / NANOS_PER_SECOND,
                plantedSeconds,
                before,
                after,
                messages,
                sent.count(),
                sent.nanos() / NANOS_PER_SECOND,
                List.of(
                        Bar.atLeast("peers at rest", after.presences(), count),
                        Bar.atMost("megabytes more resident memory", more / MEGABYTE, RESIDENT_BYTES_MAX / MEGABYTE),
                        Bar.atMost("messages without the right answer", (double) messages - sent.count(), 0)));
    }

    private static CompletableFuture<Done> ask(Child child, String question) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return child.ask(Done.class, SECONDS_MAX, question);
            } catch (ChildException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        });
    }

    private static void print(Report report) {
        IO.println(String.format(
                Locale.ROOT,
                "peers at rest    %,d, of these %,d by real handshakes (%.1f s), the rest planted (%.1f s)",
                report.count,
                report.byHandshakes,
                report.handshakesSeconds,
                report.plantedSeconds));
        IO.println(String.format(
                Locale.ROOT,
                "resident memory  %.1f MB before, %.1f MB after: %.1f MB more, %.0f bytes each; secrets %s",
                report.before.residentBytes() / MEGABYTE,
                report.after.residentBytes() / MEGABYTE,
                (report.after.residentBytes() - report.before.residentBytes()) / MEGABYTE,
                (report.after.residentBytes() - report.before.residentBytes()) / (double) report.count,
                report.after.locked() ? "all locked" : "not all locked: the limit is lower (konce doctor says more)"));
        IO.println(String.format(
                Locale.ROOT,
                "messages         %,d of %,d answered rightly in %.1f s: %,.0f a second, 256 at a time",
                report.answered,
                report.messages,
                report.messagesSeconds,
                report.messages / report.messagesSeconds));
        report.bars.forEach(bar -> IO.println(String.format(
                Locale.ROOT,
                "%-36s %,.1f  %s: %s",
                bar.name(),
                bar.figure(),
                bar.bar(),
                bar.met() ? "met" : "MISSED")));
    }
}
