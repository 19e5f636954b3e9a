package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.node.PlantedPeers.Planted;
import konce.protocol.Address;
import konce.protocol.HandlerId;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.Test;

class PlantedPeersTest {
    private static final HandlerId ECHO = HandlerId.wellKnown(1);

    private static Address at(Node node) {
        return Address.of(
                InetAddress.getLoopbackAddress().getAddress(),
                node.localAddress().getPort());
    }

    /// Goal: a presence that was planted on both sides is like one of a handshake: a message and its reply are a
    /// packet
    /// each, no channel is made, and the server knows who asks.
    @Test
    void aPlantedPeerIsLikeAnother() throws Exception {
        try (Vault vault = Vault.open(1 << 16);
                SecretKey identity = SecretKey.generate(vault, new SystemRandom());
                Secret seed = Secret.random(vault, new SystemRandom(), 32);
                Node server = Node.builder().server(true).presences(10).open();
                Node client = Node.builder().presences(10).open()) {
            server.handle(ECHO, message -> message.reply(message.text() + " of " + message.peer()));
            Planted there = new Planted(server.publicKey(), identity.publicKey(), at(server), seed);
            Planted here = new Planted(identity.publicKey(), null, at(client), seed);
            assertEquals(1, PlantedPeers.plant(client, List.of(there)));
            assertEquals(1, PlantedPeers.plant(server, List.of(here)));
            Target target = new Target.Peer(server.publicKey(), List.of(at(server)), identity, null);
            for (int i = 0; i < 3; i++) {
                byte[] text = ("word " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                String reply =
                        client.request(target, ECHO, text, SendOptions.REQUEST).text();
                assertEquals("word " + i + " of " + identity.publicKey(), reply);
            }
            assertEquals(0, server.statistics().channelsOpened());
            assertEquals(3, server.statistics().datagramsReceived());
            assertEquals(3, server.statistics().datagramsSent());
        }
    }
}
