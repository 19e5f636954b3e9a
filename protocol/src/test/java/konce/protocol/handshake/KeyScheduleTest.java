package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Suite;
import konce.protocol.wire.CookieEcho;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What each key depends on: whatever changes on one side only, the two sides have different keys from there on.
final class KeyScheduleTest {
    private static final Set<String> ALL = Set.of("BOX", "CHANGE", "EARLY", "CLIENT", "SERVER");
    private static final Set<String> FROM_EARLY = Set.of("EARLY", "CLIENT", "SERVER");
    private static final Set<String> TRAFFIC = Set.of("CLIENT", "SERVER");

    /// Everything that goes into the keys of one handshake.
    private record Inputs(
            long handshake,
            MemorySegment packet,
            PublicKey d,
            PublicKey c,
            @Nullable PublicKey a,
            Rig.Products products,
            MemorySegment serverRandom) {

        Inputs withPacket(MemorySegment other) {
            return new Inputs(handshake, other, d, c, a, products, serverRandom);
        }

        Inputs withProducts(Rig.Products other) {
            return new Inputs(handshake, packet, d, c, a, other, serverRandom);
        }

        Inputs withRandom(MemorySegment other) {
            return new Inputs(handshake, packet, d, c, a, products, other);
        }
    }

    private final Rig rig = new Rig(0);
    private @Nullable Secret invitation;
    private final Inputs inputs = make();
    private final Map<String, String> secrets = secrets(inputs);

    @AfterEach
    void close() {
        rig.close();
    }

    private Inputs make() {
        Candidate candidate = rig.candidate();
        SecretKey a = rig.key(Group.scalar(rig.random));
        SecretKey b = Group.key(rig.vault, Group.scalar(rig.random));
        MemorySegment packet = rig.honest(candidate, a, b);
        PublicKey d = candidate.transientKey();
        PublicKey c = rig.serverKey.publicKey();
        Rig.Products products =
                new Rig.Products(rig.product(b, d), rig.product(b, c), rig.product(a, d), rig.product(a, c));
        MemorySegment random = Rig.bytes(new byte[32]);
        rig.random.fill(random);
        return new Inputs(candidate.handshake(), packet, d, c, a.publicKey(), products, random);
    }

    /// The secrets of these inputs, by label.
    private Map<String, String> secrets(Inputs from) {
        MemorySegment packet = from.packet();
        int box = Rig.box(inputs.packet());
        int early = box + CookieEcho.BOX_BYTES;
        Rig.Products products = from.products();
        try (KeySchedule schedule = new KeySchedule(rig.vault, from.handshake(), true)) {
            schedule.begin(packet, box, from.d(), from.c());
            schedule.boxKey(products.bD(), products.bC(), invitation).close();
            schedule.changeKey(products.bD()).close();
            schedule.sealedBox(packet, box);
            Secret aD = products.aD();
            Secret aC = products.aC();
            boolean anonymous = from.a() == null || aD == null || aC == null;
            (anonymous ? schedule.earlyKey() : schedule.earlyKey(from.a(), aD, aC)).close();
            schedule.sealedEarly(packet, early, packet.byteSize() - early);
            schedule.sessionKeys(Suite.XCHACHA20_POLY1305, true, from.serverRandom(), 0, 32)
                    .close();
            Map<String, String> secrets = new HashMap<>();
            for (LoggedSecret secret : schedule.logged()) {
                secrets.put(secret.label(), HexFormat.of().formatHex(secret.secret()));
            }
            return secrets;
        }
    }

    /// The labels of the secrets that differ from those of the unchanged handshake.
    private Set<String> changed(Inputs other) {
        Set<String> labels = new TreeSet<>();
        secrets(other).forEach((label, secret) -> {
            if (!secret.equals(secrets.get(label))) {
                labels.add(label);
            }
        });
        return labels;
    }

    private static MemorySegment flipped(MemorySegment bytes, long at) {
        MemorySegment copy = Rig.copy(bytes);
        copy.set(ValueLayout.JAVA_BYTE, at, (byte) (copy.get(ValueLayout.JAVA_BYTE, at) ^ 1));
        return copy;
    }

    /// Goal: the same inputs give the same secrets, and the five differ from each other.
    @Test
    void theSecretsAreFive() {
        assertEquals(ALL, secrets.keySet());
        assertEquals(secrets, secrets(inputs));
        assertEquals(ALL.size(), new HashSet<>(secrets.values()).size());
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: every byte of a COOKIE-ECHO, with all it repeats of INIT and INIT-ACK, is in the keys made after it.
    @Test
    void everyByteOfThePacketIsInTheKeys() {
        MemorySegment packet = inputs.packet();
        int box = Rig.box(packet);
        for (int at = 0; at < packet.byteSize(); at++) {
            boolean ofSolution = at >= CookieEcho.SOLUTION && at < CookieEcho.SOLUTION + CookieEcho.SOLUTION_BYTES;
            Set<String> expected = TRAFFIC;
            if (at < box && !ofSolution) {
                expected = ALL;
            } else if (at >= box && at < box + CookieEcho.BOX_BYTES) {
                expected = FROM_EARLY;
            }
            assertEquals(expected, changed(inputs.withPacket(flipped(packet, at))), "byte " + at);
        }
        MemorySegment longer = Rig.bytes(new byte[(int) packet.byteSize() + 1]);
        longer.asSlice(0, packet.byteSize()).copyFrom(packet);
        assertEquals(TRAFFIC, changed(inputs.withPacket(longer)), "one byte more");
    }

    // = docs/spec/03-handshake.md R3.8
    /// Goal: every byte of the server random is in both traffic keys.
    @Test
    void everyByteOfTheServerRandomIsInTheTrafficKeys() {
        for (int at = 0; at < 32; at++) {
            assertEquals(TRAFFIC, changed(inputs.withRandom(flipped(inputs.serverRandom(), at))));
        }
    }

    // = docs/spec/17-private-groups.md R17.5
    /// Goal: an invitation is in all keys but that of a notice, whose sender knows of none.
    @Test
    void anInvitationIsInTheKeys() {
        Set<String> others = new TreeSet<>(ALL);
        others.remove("CHANGE");
        Set<Map<String, String>> found = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            try (Secret made = Secret.random(rig.vault, rig.random, 32)) {
                invitation = made;
                assertEquals(others, changed(inputs));
                found.add(secrets(inputs));
            }
        }
        invitation = null;
        assertEquals(2, found.size());
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: another A, C or D, another of the four products, two of them exchanged, or none of the last two, gives
    /// other keys; only the key of a key-change notice knows no C.
    @Test
    void everyKeyAndEveryProductIsInTheKeys() {
        PublicKey other = rig.key(Group.scalar(rig.random)).publicKey();
        Inputs in = inputs;
        Rig.Products p = in.products();
        Inputs otherD = new Inputs(in.handshake(), in.packet(), other, in.c(), in.a(), p, in.serverRandom());
        Inputs otherC = new Inputs(in.handshake(), in.packet(), in.d(), other, in.a(), p, in.serverRandom());
        Inputs otherA = new Inputs(in.handshake(), in.packet(), in.d(), in.c(), other, p, in.serverRandom());
        Inputs noA = new Inputs(in.handshake(), in.packet(), in.d(), in.c(), null, p, in.serverRandom());
        Set<String> withoutChange = new HashSet<>(ALL);
        withoutChange.remove("CHANGE");
        assertEquals(ALL, changed(otherD));
        assertEquals(withoutChange, changed(otherC));
        assertEquals(FROM_EARLY, changed(otherA));
        assertEquals(FROM_EARLY, changed(noA));
        Secret x = rig.product(Group.G.multiply(Group.scalar(rig.random)));
        assertEquals(ALL, changed(in.withProducts(new Rig.Products(x, p.bC(), p.aD(), p.aC()))));
        assertEquals(withoutChange, changed(in.withProducts(new Rig.Products(p.bD(), x, p.aD(), p.aC()))));
        assertEquals(FROM_EARLY, changed(in.withProducts(new Rig.Products(p.bD(), p.bC(), x, p.aC()))));
        assertEquals(FROM_EARLY, changed(in.withProducts(new Rig.Products(p.bD(), p.bC(), p.aD(), x))));
        assertEquals(ALL, changed(in.withProducts(new Rig.Products(p.bC(), p.bD(), p.aD(), p.aC()))));
        assertEquals(FROM_EARLY, changed(in.withProducts(new Rig.Products(p.bD(), p.bC(), p.aC(), p.aD()))));
    }

    /// Goal: handshake protocols 1 and 2 share no secret, whatever else is the same.
    @Test
    void theLabelSeparatesTheHandshakeProtocols() {
        Inputs in = inputs;
        assertEquals(1, in.handshake());
        assertEquals(
                ALL, changed(new Inputs(2, in.packet(), in.d(), in.c(), in.a(), in.products(), in.serverRandom())));
    }

    // = docs/spec/03-handshake.md R3.8
    /// Goal: what one side sends the other cannot have sent: the keys of the two directions differ, and each side
    /// seals with what the other opens.
    @Test
    void theTwoDirectionsHaveKeysOfTheirOwn() {
        MemorySegment packet = inputs.packet();
        int box = Rig.box(packet);
        try (KeySchedule schedule = new KeySchedule(rig.vault, 1, false)) {
            schedule.begin(packet, box, inputs.d(), inputs.c());
            schedule.boxKey(inputs.products().bD(), inputs.products().bC(), null)
                    .close();
            schedule.sealedBox(packet, box);
            schedule.earlyKey().close();
            schedule.sealedEarly(packet, box, 1);
            for (Suite suite : Suite.values()) {
                try (SessionKeys client = schedule.sessionKeys(suite, true, inputs.serverRandom(), 0, 32);
                        SessionKeys server = schedule.sessionKeys(suite, false, inputs.serverRandom(), 0, 32)) {
                    MemorySegment sealed = Rig.bytes(new byte[64 + suite.tagBytes()]);
                    client.send().seal(sealed, 0, 0, 64, 5);
                    int bytes = 64 + suite.tagBytes();
                    assertFalse(client.receive().open(Rig.copy(sealed), 0, 0, bytes, 5), "a packet reflected");
                    assertFalse(server.receive().open(Rig.copy(sealed), 0, 0, bytes, 6), "under another number");
                    assertTrue(server.receive().open(Rig.copy(sealed), 0, 0, bytes, 5));
                }
            }
        }
    }

    /// Goal: nobody can prove a conversation. A server alone, which has c and d and not a, makes up a COOKIE-ECHO
    /// of any
    /// A it likes, and its own checks and the key schedule take it for that client's; so a record shown by a server
    /// proves nothing.
    @Test
    void aServerAloneCanMakeUpAWholeHandshake() {
        PublicKey victim = Group.publicKey(Group.G.multiply(Group.scalar(rig.random)));
        Candidate candidate = rig.candidate();
        SecretKey b = rig.key(Group.scalar(rig.random));
        // the server's own d, as its agreements use it: dA is what the victim would have made as aD
        Secret aD = rig.serversProduct(victim);
        Secret aC = rig.product(rig.serverKey, victim);
        Rig.Products made = new Rig.Products(
                rig.product(b, candidate.transientKey()), rig.product(b, rig.serverKey.publicKey()), aD, aC);
        MemorySegment forged = rig.sealed(candidate, b.publicKey(), victim, made);
        ServerAgreement.Result.Accepted accepted =
                assertInstanceOf(ServerAgreement.Result.Accepted.class, rig.present(forged, candidate));
        assertEquals(victim, accepted.client());
        assertEquals(-1, accepted.early().mismatch(Rig.MESSAGE));
    }
}
