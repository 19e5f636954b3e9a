package konce.simulator.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import konce.protocol.Address;

/// Nobody who sees the datagrams of a client that moves on purpose can tell from what its channels are called that the
/// addresses are one client's: no channel id is seen at two of them, once a channel is open. Looks at datagrams only,
/// from
/// the middle of the network.
///
/// - source: docs/spec/05-paths.md R5.23
public final class LinkageChecker {
    private static final int CHANNEL_ID = 1;

    private final Findings findings;
    private final Address server;
    private final Map<Long, Address> clients = new HashMap<>();
    /// Those seen in a packet that is no COOKIE-ACK.
    private final Set<Long> open = new HashSet<>();

    public LinkageChecker(Findings findings, Address server) {
        this.findings = findings;
        this.server = server;
    }

    /// A datagram passes.
    public void see(Address source, Address destination, byte[] datagram) {
        PacketType type = PacketType.of(datagram);
        if (type != PacketType.DATA && type != PacketType.COOKIE_ACK) {
            return;
        }
        Address client = source.equals(server) ? destination : source;
        long channel = 0;
        for (int i = CHANNEL_ID; i < CHANNEL_ID + Long.BYTES; i++) {
            channel = channel << 8 | (datagram[i] & 0xFF);
        }
        boolean connecting = type == PacketType.COOKIE_ACK && !open.contains(channel);
        if (!connecting) {
            open.add(channel);
        }
        Address before = clients.put(channel, client);
        // a client that moves while it connects repeats its COOKIE-ECHO, and is linked by that
        findings.require(
                before == null || before.equals(client) || connecting,
                Rule.LINKED,
                "one channel id at " + before + " and at " + client);
    }

    /// Channel ids seen.
    public int count() {
        return clients.size();
    }
}
