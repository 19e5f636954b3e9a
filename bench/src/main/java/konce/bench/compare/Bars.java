package konce.bench.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import konce.bench.report.Bar;
import konce.bench.report.Measure;
import konce.bench.report.Results;
import konce.bench.report.Series;
import konce.bench.report.Spread;

/// What must be shown, computed from what was measured. A bar for which something was not measured is named as such.
///
/// - ratios: of the same round, and of those the median
/// - where a bar names a kind of peer, the best of that kind stands for it
final class Bars {
    private static final String OURS = "konce-xchacha";
    private static final String QUIC = "netty-quic";
    private static final String TLS = "tls-";
    private static final String CHACHA = "-chacha";

    private final Results results;
    private final List<Bar> bars = new ArrayList<>();
    private final List<String> unmeasured = new ArrayList<>();

    private Bars(Results results) {
        this.results = results;
    }

    /// What each bar came to.
    ///
    /// @param bars that were measured
    /// @param unmeasured the names of the others
    record Judgement(List<Bar> bars, List<String> unmeasured) {}

    static Judgement of(Results results) {
        Bars bars = new Bars(results);
        bars.bulk();
        bars.requests("konce-", "");
        bars.requests("konce-xchacha-loop", ", on the loop");
        bars.handshakes();
        bars.firstReply();
        bars.memory();
        bars.garbage();
        return new Judgement(bars.bars, bars.unmeasured);
    }

    private void bulk() {
        Measure goodput = Measures.GOODPUT;
        atLeast(1.0, "bulk, 1,440 B, AEGIS-256: times the best TLS 1.3", goodput, "konce-aegis", TLS, "");
        atLeast(4.0, "bulk, 1,440 B, AEGIS-256: times Netty QUIC", goodput, "konce-aegis", QUIC, "");
        atLeast(1.6, "bulk, path's MTU, AEGIS-256: times the best TLS 1.3", goodput, "konce-aegis-mtu", TLS, "");
        atLeast(1.7, "bulk, 1,440 B, XChaCha20: times Netty QUIC", goodput, "konce-xchacha", QUIC, "");
        atLeast(0.7, "bulk, 1,440 B, XChaCha20: times TLS 1.3 ChaCha20", goodput, "konce-xchacha", TLS, CHACHA);
        atLeast(1.1, "bulk, path's MTU, XChaCha20: times TLS 1.3 ChaCha20", goodput, "konce-xchacha-mtu", TLS, CHACHA);
    }

    /// As it is by default, and with the programs' code on the loop, where those of Netty's own peers run.
    private void requests(String own, String how) {
        Measure rate = Measures.requestRate(256);
        Measure latency = Measures.latency(1, "p50");
        atLeast(3.0, "64-byte requests, 256 outstanding" + how + ": times gRPC", rate, own, "grpc", "");
        atLeast(2.0, "64-byte requests, 256 outstanding" + how + ": times Netty QUIC", rate, own, QUIC, "");
        atMost(1.5, "64-byte requests, 1 outstanding, p50" + how + ": times raw UDP", latency, own, "raw-udp", "");
    }

    private void handshakes() {
        Measure cpu = Measures.HANDSHAKE_CPU;
        perSecond(2, "handshakes a second of server processor time: times Netty QUIC", cpu, QUIC);
        perSecond(4, "handshakes a second of server processor time: times JDK TLS 1.3", cpu, "tls-jdk");
    }

    /// Half the time for each is twice as many a second.
    private void perSecond(double bar, String name, Measure cpu, String peer) {
        take(name, ratio(cpu, "konce-", peer, ""), share -> Bar.atLeast(name, 1 / share, bar));
    }

    private void firstReply() {
        roundTrips(2, "first reply from cold, round trips", ours(Measures.COLD_REPLY));
        roundTrips(2, "first reply from cold with a puzzle, round trips", ours(Measures.COLD_REPLY_GUARDED));
        roundTrips(1, "first reply of a known presence, round trips", ours(Measures.OPEN_REPLY));
    }

    /// To the nearest whole one: what is over is the programs' own time.
    private void roundTrips(double bar, String name, Optional<Double> measured) {
        take(name, measured, figure -> Bar.atMost(name, Math.rint(figure), bar));
    }

    private void memory() {
        String name = "memory for an idle channel, KB";
        // less than nothing is the garbage of another moment: too few connections to see one through it
        take(name, ours(Measures.IDLE_MEMORY).filter(bytes -> bytes > 0), bytes -> Bar.atMost(name, bytes / 1e3, 8));
        String time = "processor time of all idle channels, % of one processor";
        take(time, ours(Measures.IDLE_CPU), share -> Bar.atMost(time, 100 * share, 1));
    }

    private void garbage() {
        String name = "garbage on the packet path, bytes a packet, the worst session";
        Optional<Double> most = results.of(Measures.GARBAGE).stream()
                .map(series -> series.spread().median())
                .max(Comparator.naturalOrder());
        take(name, most, bytes -> Bar.atMost(name, bytes, 0));
    }

    private Optional<Double> ours(Measure measure) {
        return results.find(measure, OURS).map(series -> series.spread().median());
    }

    private void atLeast(double bar, String name, Measure measure, String own, String peer, String peerEnd) {
        take(name, ratio(measure, own, peer, peerEnd), figure -> Bar.atLeast(name, figure, bar));
    }

    private void atMost(double bar, String name, Measure measure, String own, String peer, String peerEnd) {
        take(name, ratio(measure, own, peer, peerEnd), figure -> Bar.atMost(name, figure, bar));
    }

    private void take(String name, Optional<Double> figure, Function<Double, Bar> judge) {
        figure.ifPresentOrElse(value -> bars.add(judge.apply(value)), () -> unmeasured.add(name));
    }

    /// @param own the name of a contestant of ours; `konce-` for the default session
    /// @param peer what a peer's name begins with
    /// @param peerEnd what it ends with
    private Optional<Double> ratio(Measure measure, String own, String peer, String peerEnd) {
        String ours = own.endsWith("-") ? OURS : own;
        Optional<Series> best = results.of(measure).stream()
                .filter(series -> series.contestant().startsWith(peer)
                        && series.contestant().endsWith(peerEnd))
                .max(byMedian(measure));
        return results.find(measure, ours)
                .flatMap(series -> best.map(series::ratiosTo))
                .filter(ratios -> !ratios.isEmpty())
                .map(ratios -> Spread.of(ratios).median());
    }

    private static Comparator<Series> byMedian(Measure measure) {
        Comparator<Series> comparator =
                Comparator.comparingDouble(series -> series.spread().median());
        return measure.best() == Measure.Best.HIGHEST ? comparator : comparator.reversed();
    }
}
