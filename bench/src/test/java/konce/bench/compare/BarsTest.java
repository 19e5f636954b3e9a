package konce.bench.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import konce.bench.report.Bar;
import konce.bench.report.Measure;
import konce.bench.report.Results;
import org.junit.jupiter.api.Test;

/// Bars computed from samples that are made up.
class BarsTest {
    private final Results results = new Results();

    private void take(Measure measure, String contestant, double... samples) {
        results.enter(new Results.Entrant(contestant, contestant, List.of()));
        for (int round = 0; round < samples.length; round++) {
            results.add(measure, contestant, round, samples[round]);
        }
    }

    private Bar bar(String name) {
        return Bars.of(results).bars().stream()
                .filter(bar -> bar.name().contains(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void figureIsTheMedianOfTheRoundsRatios() {
        // The machine is twice as fast in the second round: that is no merit of anybody's.
        take(Measures.GOODPUT, "konce-aegis", 10, 20, 12);
        take(Measures.GOODPUT, "netty-quic", 2, 4, 3);
        Bar bar = bar("AEGIS-256: times Netty QUIC");
        assertEquals(5, bar.figure());
        assertEquals("at least 4", bar.bar());
        assertTrue(bar.met());
    }

    @Test
    void bestOfAKindStandsForIt() {
        take(Measures.GOODPUT, "konce-aegis", 1, 1, 1);
        take(Measures.GOODPUT, "tls-jdk-aes", 1, 1, 1);
        take(Measures.GOODPUT, "tls-boringssl-aes", 2, 2, 2);
        Bar bar = bar("AEGIS-256: times the best TLS");
        assertEquals(0.5, bar.figure());
        assertFalse(bar.met());
    }

    @Test
    void leastLatencyIsTheBest() {
        take(Measures.latency(1, "p50"), "konce-xchacha", 30, 30);
        take(Measures.latency(1, "p50"), "raw-udp", 20, 20);
        take(Measures.latency(1, "p50"), "raw-udp-mtu", 25, 25);
        Bar bar = bar("1 outstanding, p50");
        assertEquals(1.5, bar.figure());
        assertEquals("at most 1.5", bar.bar());
        assertTrue(bar.met());
    }

    @Test
    void ciphersAreComparedWithTheirOwn() {
        take(Measures.GOODPUT, "konce-xchacha", 1);
        take(Measures.GOODPUT, "tls-boringssl-aes", 4);
        take(Measures.GOODPUT, "tls-jdk-chacha", 2);
        assertEquals(0.5, bar("XChaCha20: times TLS 1.3 ChaCha20").figure());
    }

    @Test
    void lessProcessorTimeForEachIsMoreASecond() {
        take(Measures.HANDSHAKE_CPU, "konce-xchacha", 100, 100);
        take(Measures.HANDSHAKE_CPU, "netty-quic", 150, 150);
        take(Measures.HANDSHAKE_CPU, "tls-jdk-aes", 500, 500);
        take(Measures.HANDSHAKE_CPU, "tls-boringssl-aes", 50, 50);
        assertEquals(1.5, bar("times Netty QUIC").figure(), 1e-9);
        assertFalse(bar("times Netty QUIC").met());
        assertEquals(5, bar("times JDK TLS 1.3").figure(), 1e-9);
        assertTrue(bar("times JDK TLS 1.3").met());
    }

    @Test
    void roundTripsAreWholeAndMemoryIsInThousands() {
        take(Measures.COLD_REPLY, "konce-xchacha", 2.1, 2.4, 2.2);
        take(Measures.COLD_REPLY_GUARDED, "konce-xchacha", 2.6, 2.7, 2.8);
        take(Measures.IDLE_MEMORY, "konce-xchacha", 7_500);
        take(Measures.IDLE_CPU, "konce-xchacha", 0.004);
        assertEquals(2, bar("from cold, round trips").figure());
        assertTrue(bar("from cold, round trips").met());
        assertEquals(3, bar("with a puzzle").figure());
        assertFalse(bar("with a puzzle").met());
        assertEquals(7.5, bar("memory for an idle channel").figure());
        assertEquals(0.4, bar("processor time of all idle channels").figure(), 1e-9);
    }

    @Test
    void garbageIsThatOfTheWorstSession() {
        take(Measures.GARBAGE, "konce-xchacha", 0, 0, 5);
        take(Measures.GARBAGE, "konce-aegis", 0.5, 0.5, 0.5);
        assertEquals(0.5, bar("garbage").figure());
        assertFalse(bar("garbage").met());
    }

    @Test
    void whatWasNotMeasuredHasNoBar() {
        take(Measures.GOODPUT, "konce-aegis", 1);
        Bars.Judgement judgement = Bars.of(results);
        assertEquals(List.of(), judgement.bars());
        assertTrue(judgement.unmeasured().contains("bulk, 1,440 B, AEGIS-256: times Netty QUIC"));
    }
}
