package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.protocol.Allocation;
import konce.protocol.DropReason;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.Init;
import org.junit.jupiter.api.Test;

/// What a gate gives away of the groups behind it, and what it costs.
final class GroupGateTest {
    private static final int TIMES = 20_000;

    /// A member's INIT, as a bystander has seen it.
    private record Seen(MemorySegment clientRandom, long clue) {}

    private static Seen seen(Rig rig, Secret invitation) {
        MemorySegment init = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        MemorySegment clientRandom = init.asSlice(Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES);
        rig.random.fill(clientRandom);
        try (Clues clues = new Clues(rig.vault, rig.random, invitation)) {
            return new Seen(clientRandom, clues.init(init));
        }
    }

    private static PrivateGroup group(SecretKey key, Secret invitation) {
        return new PrivateGroup(1, key, List.of(new PrivateGroup.Invitation(1, invitation, 1, List.of())));
    }

    // = docs/spec/17-private-groups.md R17.4
    /// Goal: a server is no oracle of clues. Method: a prober copies the INIT of a member and goes on with a
    /// COOKIE-ECHO of its own, for the key that everybody knows: it is served, as under any other clue.
    @Test
    void aCopiedClueChangesNothing() {
        try (Rig rig = new Rig(0);
                SecretKey groupKey = SecretKey.generate(rig.vault, rig.random);
                Secret invitation = Secret.random(rig.vault, rig.random, PrivateGroup.SECRET_BYTES)) {
            rig.server.serveGroups(List.of(group(groupKey, invitation)));
            Seen seen = seen(rig, invitation);
            Candidate candidate = rig.candidate(seen.clientRandom, seen.clue);
            try (Clues clues = new Clues(rig.vault, rig.random, invitation)) {
                assertTrue(clues.isAnswered(candidate), "the clue was right");
            }
            MemorySegment echo = rig.honest(candidate, null, SecretKey.generate(rig.vault, rig.random));
            assertInstanceOf(ServerAgreement.Result.Accepted.class, rig.present(echo, candidate));
        }
    }

    // = docs/spec/17-private-groups.md R17.3
    /// Goal: nobody but the holder of an invitation recognises its answers, and its server's alone.
    @Test
    void onlyItsHolderRecognisesAnAnswer() {
        try (Rig rig = new Rig(0);
                SecretKey groupKey = SecretKey.generate(rig.vault, rig.random);
                Secret invitation = Secret.random(rig.vault, rig.random, PrivateGroup.SECRET_BYTES);
                Secret other = Secret.random(rig.vault, rig.random, PrivateGroup.SECRET_BYTES);
                Clues holder = new Clues(rig.vault, rig.random, invitation);
                Clues others = new Clues(rig.vault, rig.random, other)) {
            rig.server.serveGroups(List.of(group(groupKey, invitation)));
            Seen seen = seen(rig, invitation);
            assertTrue(holder.isAnswered(rig.candidate(seen.clientRandom, seen.clue)));
            assertEquals(false, others.isAnswered(rig.candidate(seen.clientRandom, seen.clue)));
            assertEquals(false, holder.isAnswered(rig.candidate(seen.clientRandom, seen.clue ^ 1)));
            assertEquals(false, holder.isAnswered(rig.candidate()));
            assertNotEquals(seen(rig, invitation).clue, seen(rig, other).clue);
        }
    }

    // = docs/spec/03-handshake.md R3.4
    /// Goal: an INIT is answered without allocation, whatever its clue, with as many invitations as there may be.
    @Test
    void looksForThemWithoutAllocation() {
        try (Rig rig = new Rig(0);
                SecretKey groupKey = SecretKey.generate(rig.vault, rig.random);
                Secret invitation = Secret.random(rig.vault, rig.random, PrivateGroup.SECRET_BYTES)) {
            rig.server.serveGroups(List.of(group(groupKey, invitation)));
            for (long flip = 0; flip < 2; flip++) {
                Seen seen = seen(rig, invitation);
                MemorySegment init = Arena.ofAuto().allocate(Limits.INIT_BYTES);
                MemorySegment reply = Arena.ofAuto().allocate(Limits.INIT_BYTES);
                Init.write(
                        init,
                        seen.clientRandom,
                        77,
                        rig.ours,
                        new Init.Hello(seen.clue ^ flip, rig.ticket),
                        new ByteWriter());
                long bytes = Allocation.of(
                        TIMES,
                        () -> assertTrue(rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init, reply)
                                > DropReason.NONE.ordinal()));
                assertTrue(bytes < TIMES, () -> bytes + " bytes");
            }
        }
    }
}
