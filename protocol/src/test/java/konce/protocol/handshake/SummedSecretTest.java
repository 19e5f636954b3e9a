package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import cafe.cryptography.curve25519.RistrettoElement;
import cafe.cryptography.curve25519.Scalar;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.protocol.DropReason;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.InitAck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The attacks on a secret that is one sum, (a+b)(C+D), performed: each first against the sum, where it succeeds, then
/// against the four products side by side, where it must not.
final class SummedSecretTest {
    private final Rig rig = new Rig(0);
    private final Scalar a = Group.scalar(rig.random);
    private final Scalar b = Group.scalar(rig.random);
    private final Scalar d = Group.scalar(rig.random);
    private final Scalar e = Group.scalar(rig.random);
    private final RistrettoElement bigA = Group.G.multiply(a);
    private final RistrettoElement bigB = Group.G.multiply(b);
    private final RistrettoElement bigC = Group.G.multiply(rig.c);
    private final RistrettoElement bigD = Group.G.multiply(d);

    @AfterEach
    void close() {
        rig.close();
    }

    /// The secret of the sum, as a client that believes in D makes it; an anonymous client has no a.
    private static RistrettoElement sumOfClient(
            @Nullable Scalar a, Scalar b, RistrettoElement bigC, RistrettoElement bigD) {
        return bigC.add(bigD).multiply(a == null ? b : a.add(b));
    }

    /// The secret of the sum, as a server makes it of what a client shows.
    private static RistrettoElement sumOfServer(Scalar c, Scalar d, RistrettoElement bigA, RistrettoElement bigB) {
        return bigA.add(bigB).multiply(c.add(d));
    }

    /// Every pair of products that somebody who has these elements can put in.
    private List<Rig.Products> guesses(List<RistrettoElement> known) {
        List<Secret> secrets = known.stream().map(rig::product).toList();
        List<Rig.Products> guesses = new ArrayList<>();
        for (Secret first : secrets) {
            for (Secret second : secrets) {
                guesses.add(new Rig.Products(first, second, first, second));
                guesses.add(new Rig.Products(first, second, second, first));
            }
        }
        return guesses;
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: a fake server that sends D' = eG − C and does not know c reads nothing, neither who calls nor the
    /// message.
    /// Method: play the fake server against our client, with every product it can compute; e(B) is the whole sum.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFakeServerCannotCancelTheDurableKey(boolean identified) {
        RistrettoElement fakeD = Group.G.multiply(e).subtract(bigC);
        Scalar shown = identified ? a : null;
        RistrettoElement attackers = identified ? bigA.add(bigB).multiply(e) : bigB.multiply(e);
        assertEquals(sumOfClient(shown, b, bigC, fakeD), attackers, "the attack on the sum succeeds");

        Candidate candidate = rig.forged(Group.publicKey(fakeD));
        SecretKey clientB = Group.key(rig.vault, b);
        SecretKey clientA = identified ? rig.key(a) : null;
        MemorySegment echo = rig.honest(candidate, clientA, clientB);
        Secret bD = rig.product(clientB, candidate.transientKey());
        Secret bC = rig.product(clientB, rig.serverKey.publicKey());
        Secret aD = clientA == null ? null : rig.product(clientA, candidate.transientKey());
        Secret aC = clientA == null ? null : rig.product(clientA, rig.serverKey.publicKey());
        PublicKey shownA = clientA == null ? null : clientA.publicKey();
        assertEquals(
                bigB.multiply(e),
                Group.element(bD).add(Group.element(bC)),
                "the attacker knows the sum of the products");
        Rig.Products truth = new Rig.Products(bD, bC, aD, aC);
        assertTrue(rig.opensBox(candidate, echo, truth), "the products themselves open the box");
        assertTrue(rig.opensMessage(candidate, echo, shownA, truth), "and the message");

        RistrettoElement eB = bigB.multiply(e);
        RistrettoElement eA = bigA.multiply(e);
        List<RistrettoElement> known =
                List.of(eB, eA, eA.add(eB), eB.negate(), bigA, bigB, bigC, fakeD, Group.G, RistrettoElement.IDENTITY);
        for (Rig.Products guess : guesses(known)) {
            assertFalse(rig.opensBox(candidate, echo, guess));
            assertFalse(rig.opensMessage(candidate, echo, shownA, guess));
        }
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: a fake client that sends B' = eG − A and does not know a is not taken for A by the true server. It
    /// knows
    /// e(C + D), the whole sum.
    @Test
    void aFakeClientCannotCancelTheDurableKey() {
        RistrettoElement fakeB = Group.G.multiply(e).subtract(bigA);
        assertEquals(sumOfServer(rig.c, d, bigA, fakeB), bigC.add(bigD).multiply(e), "the attack on the sum succeeds");

        RistrettoElement realD = Group.element(rig.candidate().transientKey());
        RistrettoElement eC = bigC.multiply(e);
        RistrettoElement eD = realD.multiply(e);
        List<RistrettoElement> known = List.of(eC, eD, eC.add(eD), fakeB, bigA, Group.G, RistrettoElement.IDENTITY);
        assertEveryGuessIsRejected(known, fakeB);
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: B' = −A makes the sum the identity for everybody, and gets nowhere with us.
    @Test
    void aFakeClientCannotMakeTheSecretTheIdentity() {
        RistrettoElement fakeB = bigA.negate();
        assertEquals(RistrettoElement.IDENTITY, sumOfServer(rig.c, d, bigA, fakeB), "the attack on the sum succeeds");
        RistrettoElement realD = Group.element(rig.candidate().transientKey());
        assertEveryGuessIsRejected(
                List.of(RistrettoElement.IDENTITY, fakeB, bigA, bigC, realD, bigC.add(realD), Group.G), fakeB);
    }

    private void assertEveryGuessIsRejected(List<RistrettoElement> known, RistrettoElement fakeB) {
        for (Rig.Products guess : guesses(known)) {
            Candidate candidate = rig.candidate();
            MemorySegment echo = rig.sealed(candidate, Group.publicKey(fakeB), Group.publicKey(bigA), guess);
            assertEquals(new ServerAgreement.Result.Rejected(DropReason.NOT_AUTHENTIC), rig.present(echo, candidate));
        }
        Candidate candidate = rig.candidate();
        MemorySegment echo = rig.honest(candidate, rig.key(a), Group.key(rig.vault, b));
        ServerAgreement.Result.Accepted accepted =
                assertInstanceOf(ServerAgreement.Result.Accepted.class, rig.present(echo, candidate));
        assertEquals(Group.publicKey(bigA), accepted.client(), "an honest client is accepted all the same");
        assertEquals(-1, accepted.early().mismatch(Rig.MESSAGE));
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: A' = A + uG with B' = B − uG gives the same sum under another identity (unknown key share); with us
    /// it
    /// gives other keys, even to one who is handed all four products.
    @Test
    void anotherIdentityNeverSharesTheKey() {
        Scalar u = Group.scalar(rig.random);
        Scalar otherA = a.add(u);
        Scalar otherB = b.subtract(u);
        assertEquals(
                sumOfServer(rig.c, d, bigA, bigB),
                sumOfServer(rig.c, d, Group.G.multiply(otherA), Group.G.multiply(otherB)),
                "the attack on the sum succeeds");

        Candidate candidate = rig.candidate();
        MemorySegment victims = rig.honest(candidate, rig.key(a), Group.key(rig.vault, b));
        SecretKey shiftedA = rig.key(otherA);
        SecretKey shiftedB = rig.key(otherB);
        PublicKey bigDTrue = candidate.transientKey();
        PublicKey bigCTrue = rig.serverKey.publicKey();
        Rig.Products shifted = new Rig.Products(
                rig.product(shiftedB, bigDTrue),
                rig.product(shiftedB, bigCTrue),
                rig.product(shiftedA, bigDTrue),
                rig.product(shiftedA, bigCTrue));
        assertFalse(rig.opensBox(candidate, victims, shifted));
        assertFalse(rig.opensMessage(candidate, victims, shiftedA.publicKey(), shifted));
        MemorySegment moved = Rig.copy(victims);
        shiftedB.publicKey().writeTo(moved, CookieEcho.TRANSIENT_KEY);
        assertFalse(rig.opensBox(candidate, moved, shifted), "nor does the victim's box under another B");
        assertEquals(new ServerAgreement.Result.Rejected(DropReason.NOT_AUTHENTIC), rig.present(moved, candidate));
    }

    // = docs/spec/03-handshake.md R3.16
    /// Goal: the identity and every encoding that is not canonical is refused in place of B, A and D.
    @ParameterizedTest
    @ValueSource(
            strings = {
                // the identity, and its other encodings
                "0000000000000000000000000000000000000000000000000000000000000000",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                // RFC 9496 A.3: not a field element, negative, not a square, negative xy, zero y
                "00ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371",
                "3eb858e78f5a7254d8c9731174a94f76755fd3941c0ac93735c07ba14579630e",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            })
    void badElementsAreRefusedInEveryField(String hex) {
        MemorySegment bad = Rig.bytes(java.util.HexFormat.of().parseHex(hex));
        assertNull(PublicKey.decode(bad, 0), "C comes out of an address or a name by this");

        MemorySegment initAck = Rig.copy(rig.candidate().initAck());
        MemorySegment.copy(bad, 0, initAck, InitAck.TRANSIENT_KEY, PublicKey.BYTES);
        assertNull(rig.read(initAck), "D");

        Candidate candidate = rig.candidate();
        MemorySegment echo = rig.honest(candidate, rig.key(a), Group.key(rig.vault, b));
        MemorySegment.copy(bad, 0, echo, CookieEcho.TRANSIENT_KEY, PublicKey.BYTES);
        assertEquals(new ServerAgreement.Result.Rejected(DropReason.BAD_ELEMENT), rig.present(echo, candidate), "B");

        assertEquals(new ServerAgreement.Result.Rejected(DropReason.BAD_ELEMENT), presentIdentity(bad), "A");
        PublicKey good = Group.publicKey(bigA);
        MemorySegment goodBytes = Rig.bytes(good.toBytes());
        assertNotEquals(new ServerAgreement.Result.Rejected(DropReason.BAD_ELEMENT), presentIdentity(goodBytes));
    }

    /// Presents a box that opens, with these bytes as A. Its maker knows b, so it can seal the box honestly.
    private ServerAgreement.Result presentIdentity(MemorySegment bytes) {
        Candidate candidate = rig.candidate();
        SecretKey b2 = rig.key(Group.scalar(rig.random));
        Secret bD = rig.product(b2, candidate.transientKey());
        Secret bC = rig.product(b2, rig.serverKey.publicKey());
        Rig.Products products = new Rig.Products(bD, bC, null, null);
        MemorySegment echo = rig.sealed(candidate, b2.publicKey(), null, products);
        int box = Rig.box(echo);
        try (KeySchedule schedule = new KeySchedule(rig.vault, candidate.handshake(), false)) {
            schedule.begin(echo, box, candidate.transientKey(), rig.serverKey.publicKey());
            try (konce.crypto.PacketKey key = schedule.boxKey(bD, bC, null)) {
                assertTrue(key.open(echo, box, 0, CookieEcho.BOX_BYTES, 0));
                echo.set(java.lang.foreign.ValueLayout.JAVA_BYTE, box, (byte) 1);
                MemorySegment.copy(bytes, 0, echo, box + 1L, PublicKey.BYTES);
                key.seal(echo, box, 0, CookieEcho.BOX_PLAIN_BYTES, 0);
            }
        }
        return rig.present(echo, candidate);
    }
}
