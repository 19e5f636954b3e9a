package konce.bench.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import konce.bench.peer.Contestant;
import konce.node.Relay;
import org.jspecify.annotations.Nullable;

/// What lies between a client and its server.
enum Route {
    /// Nothing but the loopback interface.
    DIRECT,
    /// A relay that holds everything back for [#DELAY_NANOS] each way.
    LONG;

    /// How long a long path takes, each way.
    static final long DELAY_NANOS = 50_000_000L;

    private static final long SEED = 1;

    /// A way that is open.
    ///
    /// @param address of the server, as the client shall see it
    /// @param relay closed with it; null: there is none
    record Way(String address, @Nullable AutoCloseable relay) implements AutoCloseable {
        @Override
        public void close() {
            try {
                if (relay != null) {
                    relay.close();
                }
            } catch (Exception e) {
                throw new IllegalStateException("a relay does not close", e);
            }
        }
    }

    /// Opens a way.
    ///
    /// @param address of a server; it ends with its port
    Way open(Contestant contestant, String address) throws IOException {
        return switch (this) {
            case DIRECT -> new Way(address, null);
            case LONG -> {
                int colon = address.lastIndexOf(':');
                InetSocketAddress server = new InetSocketAddress(
                        InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(address.substring(colon + 1)));
                String key = address.substring(0, colon + 1);
                if (contestant.overTcp()) {
                    TcpRelay relay = TcpRelay.open(server, DELAY_NANOS);
                    yield new Way(key + relay.port(), relay);
                }
                Relay relay = Relay.open(server, Relay.Conditions.delay(DELAY_NANOS), SEED);
                yield new Way(key + relay.address().getPort(), relay);
            }
        };
    }
}
