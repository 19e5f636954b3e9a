package konce.node.names;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import konce.names.KonceAddress;
import konce.names.OwnedName;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessKeys;
import konce.names.client.ClientRecord;
import konce.names.client.LightClient;
import konce.names.client.Verdict;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.ledger.Entry;
import konce.names.ledger.Genesis;
import konce.names.ledger.Subject;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.names.NameHome.Cached;
import konce.node.names.RegistryClient.Answered;
import org.jspecify.annotations.Nullable;

/// Finds the server of a name: what was believed already and is still good, or what registries show and the light
/// client believes. Every registry is asked at once, and what they say is compared.
///
/// - threads: any
/// - source: docs/spec/16-registry.md, section 7
public final class NameResolver {
    /// How long the others may still answer once one has: long enough for another continent.
    private static final long COMPARE_NANOS = 400_000_000L;

    /// An answer in the last fifth of its time is asked for again while it is used.
    private static final int REFRESH_PARTS = 5;

    private final NameHome home;
    private final Genesis genesis;
    private final RegistryClient registries;
    private final LongSupplier clockSeconds;
    private final Consumer<String> report;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Cached> cache;
    private LightClient client;

    /// What became of a name.
    public sealed interface Found {
        /// A server, to be talked to.
        ///
        /// @param address its key and where it may be
        /// @param whose what an account there belongs to: see [konce.names.Pseudonyms#forName]
        /// @param cached whether it was believed earlier, and nobody was asked now
        /// @param freshUntilSeconds how long it holds, in seconds of Unix time
        /// @param verdict how it was judged; null where nobody was asked
        /// @param registry who gave it; null where nobody was asked
        record Server(
                KonceAddress address,
                OwnedName whose,
                boolean cached,
                long freshUntilSeconds,
                @Nullable Verdict verdict,
                @Nullable KonceAddress registry)
                implements Found {}

        /// None.
        ///
        /// @param why a line for a person
        /// @param verdict how the best answer was judged; null where there was none
        record Nothing(String why, @Nullable Verdict verdict) implements Found {}
    }

    /// An answer, judged.
    private record Judged(KonceAddress registry, Verdict verdict) {
        boolean isBelieved() {
            return verdict.outcome() instanceof Verdict.Resolved;
        }

        /// Whether the client believes a checkpoint by it, though perhaps nothing more.
        @Nullable
        SignedCheckpoint newest() {
            return verdict.client().record().newest();
        }
    }

    /// @param clockSeconds what o'clock it is here, Unix time
    /// @param report told of lies: lines for a person
    public NameResolver(NameHome home, RegistryClient registries, LongSupplier clockSeconds, Consumer<String> report)
            throws IOException {
        this.home = home;
        this.genesis = home.genesis();
        this.registries = registries;
        this.clockSeconds = clockSeconds;
        this.report = report;
        this.client = home.client(genesis);
        this.cache = home.cache();
    }

    /// The light client as it is now.
    public LightClient client() {
        lock.lock();
        try {
            return client;
        } finally {
            lock.unlock();
        }
    }

    /// The server of a name or a role.
    public Found resolve(Subject subject) throws IOException, InterruptedException {
        long now = clockSeconds.getAsLong();
        Cached known = cached(subject);
        // = docs/spec/16-registry.md R16.19
        if (known != null && now <= known.freshUntilSeconds() && now >= known.sinceSeconds()) {
            if ((known.freshUntilSeconds() - now) * REFRESH_PARTS < known.freshUntilSeconds() - known.sinceSeconds()) {
                Thread.startVirtualThread(() -> refresh(subject));
            }
            return new Found.Server(address(known), whose(known), true, known.freshUntilSeconds(), null, null);
        }
        return ask(subject);
    }

    /// What is at a place of the ledger, proven; null: proven that nothing is.
    ///
    /// @throws IOException when no registry answers, or none can be believed
    public @Nullable Entry prove(Hash place) throws IOException, InterruptedException {
        if (!(registries.ask(new RegistryRequest.Prove(place)) instanceof RegistryReply.Proven proven)) {
            throw new IOException("the registry cannot prove anything now");
        }
        WitnessKeys witnesses = WitnessKeys.of(client().record().witnesses());
        SignedCheckpoint checkpoint = proven.checkpoint();
        SignedCheckpoint newest = client().record().newest();
        Hash root = checkpoint.checkpoint().stateRoot();
        byte[] bytes = proven.entry();
        boolean signed = witnesses != null
                && checkpoint.checkpoint().genesis().equals(genesis.id())
                && checkpoint.quorum(witnesses).timeSeconds() >= clockSeconds.getAsLong() - LightClient.AGE_SECONDS_MAX;
        boolean older = newest != null
                && newest.checkpoint().height() > checkpoint.checkpoint().height();
        boolean shown = bytes == null
                ? proven.path().isAbsent(root, place)
                : proven.path().isPresent(root, place, bytes);
        if (!signed || older || !shown) {
            throw new IOException("a registry's answer cannot be believed: "
                    + (!signed
                            ? "no quorum signed it lately"
                            : older ? "it is older than known" : "its proof is wrong"));
        }
        if (bytes == null) {
            return null;
        }
        return switch (Entry.decode(bytes)) {
            case Decoded.Value<Entry>(Entry entry) -> entry;
            case Decoded.Malformed<Entry>(String why) -> throw new IOException("an entry that is none: " + why);
        };
    }

    private @Nullable Cached cached(Subject subject) {
        lock.lock();
        try {
            return cache.get(subject.toString());
        } finally {
            lock.unlock();
        }
    }

    private void refresh(Subject subject) {
        try {
            Found _ = ask(subject);
        } catch (IOException e) {
            report.accept("could not refresh " + subject + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static KonceAddress address(Cached known) {
        var terms = known.binding().terms();
        return new KonceAddress(terms.server(), terms.addresses());
    }

    private OwnedName whose(Cached known) {
        var terms = known.binding().terms();
        return new OwnedName(genesis.id(), terms.subject(), terms.owner());
    }

    /// Asks every registry, whatever is known already.
    public Found ask(Subject subject) throws IOException, InterruptedException {
        LightClient before = client();
        List<CompletableFuture<Answered>> asked = registries.askAll(new RegistryRequest.Resolve(before.query(subject)));
        List<Judged> judged = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (Answered answered : gather(asked)) {
            switch (answered) {
                case Answered.Silent(KonceAddress registry, String why) -> silent.add(shown(registry) + why);
                case Answered.Replied(KonceAddress registry, RegistryReply.Resolved(byte[] answer)) -> {
                    judged.add(new Judged(registry, before.resolve(subject, answer, clockSeconds.getAsLong())));
                }
                case Answered.Replied(KonceAddress registry, RegistryReply.Refused refused) ->
                    silent.add(shown(registry) + refused.text());
                // = docs/spec/16-registry.md R16.2
                case Answered.Replied(KonceAddress registry, var _) ->
                    silent.add(shown(registry) + "an answer to nothing");
            }
        }
        for (Judged each : judged) {
            if (each.verdict.outcome() instanceof Verdict.Refused(var reason, String detail, Equivocation evidence)
                    && evidence != null) {
                denounce(evidence, shown(each.registry) + reason.sentence() + ": " + detail);
            }
        }
        compare(judged);
        return decide(subject, judged, silent);
    }

    /// What came, in time: all of it, or what was there a moment after the first that helps.
    private List<Answered> gather(List<CompletableFuture<Answered>> asked) throws InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0]));
        CompletableFuture<Void> one = new CompletableFuture<>();
        asked.forEach(each -> each.thenAccept(answered -> {
            if (answered instanceof Answered.Replied(var _, RegistryReply.Resolved _)) {
                one.complete(null);
            }
        }));
        try {
            CompletableFuture.anyOf(all, one).get();
            all.get(COMPARE_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("an answer never completes exceptionally", e);
        } catch (TimeoutException e) {
            // those that are slow are not waited for
        }
        List<Answered> came = new ArrayList<>();
        for (CompletableFuture<Answered> each : asked) {
            if (each.isDone()) {
                came.add(each.join());
            }
        }
        return came;
    }

    /// Holds every two signed checkpoints against each other.
    private void compare(List<Judged> judged) throws IOException, InterruptedException {
        // = docs/spec/16-registry.md R16.17
        for (int i = 0; i < judged.size(); i++) {
            for (int j = i + 1; j < judged.size(); j++) {
                SignedCheckpoint one = judged.get(i).newest();
                SignedCheckpoint other = judged.get(j).newest();
                if (one == null || other == null) {
                    continue;
                }
                Checkpoint a = one.checkpoint();
                Checkpoint b = other.checkpoint();
                boolean fork = Equivocation.isBetween(a, b) || (a.height() != b.height() && !isOneHistory(a, b));
                if (fork) {
                    denounce(
                            new Equivocation(one, other),
                            shown(judged.get(i).registry) + "and " + shown(judged.get(j).registry)
                                    + "show two histories");
                }
            }
        }
    }

    /// Whether some registry can show that the longer history begins with the shorter. Nobody who knows both says
    /// so
    /// of two that differ.
    private boolean isOneHistory(Checkpoint a, Checkpoint b) throws InterruptedException {
        Checkpoint low = a.height() < b.height() ? a : b;
        Checkpoint high = low.equals(a) ? b : a;
        boolean anyAnswer = false;
        for (CompletableFuture<Answered> each :
                registries.askAll(new RegistryRequest.Consistency(low.blocks(), high.blocks()))) {
            try {
                if (each.get() instanceof Answered.Replied(var _, RegistryReply.Consistent(var proof))) {
                    anyAnswer = true;
                    if (proof.isConsistent(low.blocks(), low.historyRoot(), high.blocks(), high.historyRoot())) {
                        return true;
                    }
                }
            } catch (ExecutionException e) {
                throw new AssertionError("an answer never completes exceptionally", e);
            }
        }
        return !anyAnswer;
    }

    private void denounce(Equivocation evidence, String words) throws IOException {
        // = docs/spec/16-registry.md R16.18
        Path file = home.keepEvidence(evidence);
        report.accept("evidence of a lie, kept in " + file + ": " + words);
    }

    private Found decide(Subject subject, List<Judged> judged, List<String> silent) throws IOException {
        Judged best = null;
        for (Judged each : judged) {
            boolean better = best == null
                    || (each.isBelieved() && !best.isBelieved())
                    || (each.isBelieved() == best.isBelieved() && height(each) > height(best));
            best = better ? each : best;
        }
        if (best == null) {
            return new Found.Nothing("no registry has an answer: " + String.join("; ", silent), null);
        }
        keep(best);
        return switch (best.verdict.outcome()) {
            case Verdict.Refused(var reason, String detail, var _) ->
                new Found.Nothing(reason.sentence() + (detail.isEmpty() ? "" : " (" + detail + ")"), best.verdict);
            case Verdict.Resolved(var _, var binding, long freshUntilSeconds) -> {
                Cached fresh = new Cached(binding, clockSeconds.getAsLong(), freshUntilSeconds);
                remember(subject, fresh);
                yield new Found.Server(
                        address(fresh), whose(fresh), false, freshUntilSeconds, best.verdict, best.registry);
            }
        };
    }

    private static long height(Judged judged) {
        SignedCheckpoint newest = judged.newest();
        return newest == null ? -1 : newest.checkpoint().height();
    }

    private void keep(Judged best) throws IOException {
        ClientRecord next = best.verdict.client().record();
        lock.lock();
        try {
            SignedCheckpoint held = client.record().newest();
            boolean older = held != null
                    && (next.newest() == null
                            || next.newest().checkpoint().height()
                                    < held.checkpoint().height());
            // = docs/spec/16-registry.md R16.20
            if (!older && !next.equals(client.record())) {
                home.keep(next);
                client = best.verdict.client();
            }
        } finally {
            lock.unlock();
        }
    }

    private void remember(Subject subject, Cached fresh) throws IOException {
        lock.lock();
        try {
            cache.remove(subject.toString());
            cache.put(subject.toString(), fresh);
            home.keepCache(cache);
        } finally {
            lock.unlock();
        }
    }

    private static String shown(KonceAddress registry) {
        return registry.addresses().isEmpty()
                ? registry.keyText() + " "
                : registry.addresses().getFirst() + " ";
    }
}
