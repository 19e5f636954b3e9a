package konce.node.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Random;
import konce.protocol.Address;
import org.junit.jupiter.api.Test;

/// Addresses on their way between the socket and the protocol.
final class RemotesTest {
    private final Remotes remotes = new Remotes();

    /// Goal: every address comes out as itself, whatever was there before, and the last ones seen cost no new
    /// object.
    /// Method: many random ones of both families, far more than there is room for, each twice.
    @Test
    void everyAddressIsItself() throws Exception {
        Random chance = new Random(9);
        for (int i = 0; i < 4 * Remotes.ENTRIES; i++) {
            byte[] ip = new byte[i % 3 == 0 ? 16 : 4];
            chance.nextBytes(ip);
            int port = 1 + chance.nextInt(65_535);
            Address address = remotes.address(new InetSocketAddress(InetAddress.getByAddress(ip), port));
            assertEquals(Address.of(ip, port), address);
            assertSame(address, remotes.address(new InetSocketAddress(InetAddress.getByAddress(ip.clone()), port)));
            assertEquals(new InetSocketAddress(InetAddress.getByAddress(ip), port), remotes.socketAddress(address));
        }
    }

    /// Goal: two ports of one address are two.
    @Test
    void portsAreTold() {
        InetAddress ip = InetAddress.ofLiteral("192.0.2.1");
        for (int port : new int[] {4_001, 4_002, 4_001}) {
            assertEquals(port, remotes.address(new InetSocketAddress(ip, port)).port());
        }
    }
}
