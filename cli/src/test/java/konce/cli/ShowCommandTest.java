package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import konce.crypto.PublicKey;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.node.Node;
import konce.node.NodeStatistics;
import konce.node.NodeStatus;
import konce.protocol.Address;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.ChannelStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShowCommandTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path home;

    /// Goal: while it is watched, a node says what goes through it a second, in all and for each channel. Method: a
    /// server, a client that keeps its channel, and both ways of showing it.
    @Test
    void ratesAreShownWhileItIsWatched() throws Exception {
        try (RunningServer server =
                        new RunningServer(home, "serve", "--listen", "127.0.0.1:0", "--json", "--no-passphrase");
                Node client = Node.builder().open()) {
            KonceAddress address = KonceAddress.parse(server.member("address"));
            Target.Peer target = new Target.Peer(address.key(), address.addresses(), null, null);
            client.request(target, WellKnown.ECHO, new byte[64], SendOptions.REQUEST);
            try (RunningServer watch = new RunningServer(home, "show", "--watch")) {
                watch.awaitPrinted("\n  rate: in ");
                watch.awaitPrinted("\n    rate: in ");
                watch.awaitPrinted("\n  effort: none asked");
            }
            try (RunningServer watch = new RunningServer(home, "show", "--watch", "1", "--json")) {
                watch.awaitPrinted("\"rate\":null");
                watch.awaitPrinted("\"rate\":{\"packetsReceivedPerSecond\":");
            }
        }
    }

    @Test
    void anotherPeriodIsAMistake() {
        CommandRun.Result result = new CommandRun(home).run("show", "--watch", "0");
        assertEquals(Main.EXIT_MISTAKE, result.status());
        assertTrue(result.err().contains("1..3600"), result.err());
    }

    /// Goal: a rate is what was counted between two sayings, divided by the node's own time between them; a node
    /// that
    /// says nothing new keeps its rates, a new channel has none yet, and a node that is gone is forgotten.
    @Test
    void ratesAreDifferences() {
        try (Vault vault = Vault.open(1);
                SecretKey key = SecretKey.generate(vault, new SystemRandom())) {
            StatusRates rates = new StatusRates();
            NodeStatus first = status(key.publicKey(), 10 * SECOND, 0, List.of(channel(1, 0, 0)));
            rates.update(List.of(first));
            assertNull(rates.of(first));
            NodeStatus second =
                    status(key.publicKey(), 12 * SECOND, 500, List.of(channel(1, 1_000, 10), channel(2, 7, 0)));
            rates.update(List.of(second));
            rates.update(List.of(second));
            StatusRates.Rates rate = rates.of(second);
            assertNotNull(rate);
            assertEquals(2.0, rate.seconds());
            assertEquals(new StatusRates.Flow(250, 500, 750, 1_000, 5), rate.total());
            assertEquals(Map.of(1L, new StatusRates.Flow(1_000, 500, 1_500, 2_000, 5)), rate.channels());
            assertEquals(0.01, rate.total().lossPart());
            rates.update(List.of());
            assertNull(rates.of(second));
        }
    }

    private static NodeStatus status(PublicKey key, long uptimeNanos, long count, List<ChannelStatus> channels) {
        NodeStatistics statistics = new NodeStatistics(
                uptimeNanos,
                count,
                3 * count,
                0,
                2 * count,
                4 * count,
                0,
                0,
                0,
                Map.of(),
                1,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0);
        return new NodeStatus(1, "serve", 0, key, Address.parse("192.0.2.7:413"), "", statistics, channels);
    }

    private static ChannelStatus channel(long number, long count, long lost) {
        Address address = Address.parse("192.0.2.8:413");
        return new ChannelStatus(
                number, null, address, true, 1, 0, 0, 0, 0, 0, 0, 0, 4 * count, 3 * count, count, 2 * count, lost, 0, 0,
                0, 0, false);
    }
}
