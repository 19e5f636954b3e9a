package konce.simulator.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import konce.protocol.Address;

/// Until an address has proved itself to a server, it is sent no more bytes than came from it. Looks at datagrams only:
/// an address proves itself with a COOKIE-ECHO that the server takes, or, where a client really is, with a datagram
/// after
/// the server has sent one there.
///
/// - source: docs/spec/03-handshake.md
public final class AmplificationChecker {
    private final Findings findings;
    private final Map<Address, Long> balances = new HashMap<>();
    private final Set<Address> asked = new HashSet<>();
    private final Set<Address> proven = new HashSet<>();

    public AmplificationChecker(Findings findings) {
        this.findings = findings;
    }

    /// The server got a datagram.
    ///
    /// @param proves whether it is a COOKIE-ECHO that the server took
    /// @param fromClient whether a client is there, and nobody else
    public void received(Address remote, int bytes, boolean proves, boolean fromClient) {
        balances.merge(remote, (long) bytes, Long::sum);
        if (proves || (fromClient && asked.contains(remote))) {
            proven.add(remote);
        }
    }

    /// The server sent a datagram.
    public void sent(Address remote, int bytes) {
        if (proven.contains(remote)) {
            return;
        }
        asked.add(remote);
        long balance = balances.merge(remote, -(long) bytes, Long::sum);
        findings.require(
                balance >= 0,
                Rule.AMPLIFICATION,
                "the server sent " + bytes + " bytes to " + remote + ", which has not proved itself: " + -balance
                        + " more than came from there");
    }
}
