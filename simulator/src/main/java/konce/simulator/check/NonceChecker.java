package konce.simulator.check;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import konce.crypto.Vault;

/// No two different packets of one host are sealed under one key and packet number. The very same bytes may leave
/// twice:
/// a repeated packet tells nobody anything.
///
/// DATA and COOKIE-ACK are opened with the host's key log. A COOKIE-ECHO has keys of its own, made from the transient
/// key
/// B that stands in it in clear, and each seals once: so one B means one box and one early payload.
public final class NonceChecker implements AutoCloseable {
    private static final int TRANSIENT_KEY_FROM = 78;
    private static final int TRANSIENT_KEY_TO = 110;

    /// Whose secrets seal what this host sends.
    private final String label;

    private final Findings findings;
    private final String host;
    private final Dissector dissector;
    private final Map<Dissector.Seal, Integer> seals = new HashMap<>();
    private final Map<String, Integer> boxes = new HashMap<>();

    /// @param label the label of the traffic secrets this host seals with
    /// @param vault for their keys; not closed
    public NonceChecker(Findings findings, String host, String label, Vault vault) {
        this.findings = findings;
        this.host = host;
        this.label = label;
        dissector = new Dissector(vault);
    }

    /// The host's key log has a new line.
    public void logged(String secretLabel, byte[] clientRandom, byte[] secret) {
        if (secretLabel.equals(label)) {
            dissector.add(clientRandom, secret);
        } else if (secretLabel.equals(label + "_UPDATED")) {
            dissector.addNext(clientRandom, secret);
        }
    }

    /// The host sent a datagram.
    public void sent(byte[] datagram) {
        switch (PacketType.of(datagram)) {
            case DATA, COOKIE_ACK -> sealed(datagram, PacketType.of(datagram).clearBytes());
            case COOKIE_ECHO -> echoed(datagram);
            case INIT, INIT_ACK, KEY_CHANGE, OTHER -> {}
        }
    }

    private void sealed(byte[] datagram, int numberOffset) {
        Dissector.Seal seal = dissector.dissect(datagram, numberOffset);
        if (seal == null) {
            findings.report(Rule.UNREADABLE, host + " sent a packet that opens under no key it has logged");
            return;
        }
        int content = Arrays.hashCode(datagram);
        Integer before = seals.putIfAbsent(seal, content);
        findings.require(
                before == null || before == content,
                Rule.NONCE_REPEATED,
                host + " sealed two packets under its secret " + seal.secret() + " and number " + seal.packetNumber());
    }

    private void echoed(byte[] cookieEcho) {
        String key = Arrays.toString(Arrays.copyOfRange(cookieEcho, TRANSIENT_KEY_FROM, TRANSIENT_KEY_TO));
        int content = Arrays.hashCode(Arrays.copyOfRange(cookieEcho, TRANSIENT_KEY_TO, cookieEcho.length));
        Integer before = boxes.putIfAbsent(key, content);
        findings.require(
                before == null || before == content,
                Rule.NONCE_REPEATED,
                host + " sealed two boxes for one transient key");
    }

    /// Packets seen whose keys and numbers all differ.
    public long count() {
        return (long) seals.size() + boxes.size();
    }

    @Override
    public void close() {
        dissector.close();
    }
}
