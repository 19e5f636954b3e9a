package konce.bench.attack;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was seen of a victim while one thing was done to it.
///
/// @param victim by name
/// @param what is done to it, as people read it
/// @param flood by name; null: none, peace
/// @param samples of the victim, first to last
/// @param visits of honest clients
/// @param flooded what the flooder did; null: there was none
/// @param problem why it could not be measured to its end; null: it was
record Phase(
        String victim,
        String what,
        @Nullable String flood,
        List<Sample> samples,
        List<Honest.Visit> visits,
        Flooder.@Nullable Flooded flooded,
        @Nullable String problem) {

    double seconds() {
        return samples.size() < 2 ? 0 : (last().nanos() - first().nanos()) / 1e9;
    }

    Sample first() {
        return samples.getFirst();
    }

    Sample last() {
        return samples.getLast();
    }

    /// Datagrams its socket read, or where it does not count them, datagrams or connections that came.
    long taken() {
        long received = last().received() - first().received();
        return received > 0 || flooded == null ? received : Math.max(0, flooded.sent() - lost());
    }

    /// Datagrams that were lost because the socket was full. The kernel counts a burst that it drops as one.
    long lost() {
        long dropped = last().socketDrops() - first().socketDrops();
        long received = last().received() - first().received();
        return received == 0 || flooded == null ? dropped : Math.max(dropped, flooded.sent() - received);
    }

    double takenPerSecond() {
        return taken() / Math.max(1e-9, seconds());
    }

    /// Processor time of the whole process for each that came.
    double nanosEach() {
        return (double) (last().cpuNanos() - first().cpuNanos()) / Math.max(1, taken());
    }

    /// Share of a processor that the process used.
    double processors() {
        return (last().cpuNanos() - first().cpuNanos()) / 1e9 / Math.max(1e-9, seconds());
    }

    long groupOperations() {
        return last().groupOperations() - first().groupOperations();
    }

    long mostEffort() {
        return samples.stream().mapToLong(Sample::effort).max().orElse(0);
    }

    long mostResident() {
        return samples.stream().mapToLong(Sample::residentBytes).max().orElse(0);
    }

    /// Datagrams refused meanwhile, by reason.
    Map<String, Long> refused() {
        Map<String, Long> refused = new LinkedHashMap<>();
        last().refused().forEach((reason, count) -> {
            long before = first().refused().getOrDefault(reason, 0L);
            if (count > before) {
                refused.put(reason, count - before);
            }
        });
        return refused;
    }

    /// Share of the honest clients that got their reply.
    double completed() {
        return share(Double.MAX_VALUE);
    }

    /// Share of the honest clients that got it within so many milliseconds.
    double share(double millis) {
        return visits.isEmpty()
                ? 0
                : (double) visits.stream()
                                .filter(visit -> visit.latencyMillis() >= 0 && visit.latencyMillis() <= millis)
                                .count()
                        / visits.size();
    }

    /// The latency that this share of those that got a reply stay below; not a number where none did.
    double latency(double share) {
        double[] sorted = visits.stream()
                .mapToDouble(Honest.Visit::latencyMillis)
                .filter(latency -> latency >= 0)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }

    @Override
    public String toString() {
        return victim + ", " + what + " " + Arrays.toString(new double[] {completed(), latency(0.5)});
    }
}
