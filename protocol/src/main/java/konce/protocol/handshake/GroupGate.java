package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.wire.Init;
import org.jspecify.annotations.Nullable;

/// Where a server keeps the private groups it is the gate of, and knows their members' packets from others'.
///
/// Every clue is held against all invitations, without a branch on what is found, and against a fixed number of random
/// keys where there are fewer; what nobody recognises is answered under a key that nobody has. So neither the bytes of
/// an answer nor the work for it tell whether a clue was right, nor whether there are groups at all.
///
/// - shape: slots of [ClueKeys#BYTES] bytes in steps of [#STEP]; slot 0 is nobody's
/// - error: never throws on input, never allocates after [#serve]
/// - source: docs/spec/17-private-groups.md, section 2
final class GroupGate implements AutoCloseable {
    /// Invitations are looked through by so many, though there be fewer.
    static final int STEP = 16;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// An invitation that holds.
    static final class Door {
        private final long group;
        private final PrivateGroup.Invitation invitation;
        private final ServerAgreement.Server server;
        private final Set<PublicKey> members;
        private boolean open = true;

        private Door(long group, PrivateGroup.Invitation invitation, ServerAgreement.Server server) {
            this.group = group;
            this.invitation = invitation;
            this.server = server;
            members = new LinkedHashSet<>(invitation.members());
        }

        long group() {
            return group;
        }

        long invitation() {
            return invitation.number();
        }

        Set<PublicKey> members() {
            return members;
        }

        Secret secret() {
            return invitation.secret();
        }

        /// The server that the group's members know.
        ServerAgreement.Server server() {
            return server;
        }
    }

    private final Vault vault;
    private final RandomSource random;
    private final MemorySegment scratch = ClueKeys.scratch();
    private MemorySegment keys;
    private List<Door> doors = List.of();
    private int slots = STEP;

    GroupGate(Vault vault, RandomSource random) {
        this.vault = vault;
        this.random = random;
        keys = randomKeys(slots);
    }

    private MemorySegment randomKeys(int count) {
        MemorySegment made = Arena.ofAuto().allocate((long) (count + 1) * ClueKeys.BYTES);
        random.fill(made);
        return made;
    }

    // = docs/spec/17-private-groups.md R17.8
    /// Serves these groups from now on, and no others.
    ///
    /// @return the invitations that hold no more
    List<Door> serve(List<PrivateGroup> groups, ServerAgreement.Server open) {
        int count =
                groups.stream().mapToInt(group -> group.invitations().size()).sum();
        if (count > Limits.INVITATIONS_MAX) {
            throw new IllegalArgumentException(count + " invitations; at most " + Limits.INVITATIONS_MAX);
        }
        List<Door> made = new ArrayList<>(count);
        int newSlots = Math.max(STEP, (count + STEP - 1) / STEP * STEP);
        MemorySegment newKeys = randomKeys(newSlots);
        // slot 0 stays: what nobody recognises is answered as before
        MemorySegment.copy(keys, 0, newKeys, 0, ClueKeys.BYTES);
        for (PrivateGroup group : groups) {
            ServerAgreement.Server server = open.of(group.key());
            for (PrivateGroup.Invitation invitation : group.invitations()) {
                made.add(new Door(group.number(), invitation, server));
                ClueKeys.derive(vault, invitation.secret(), newKeys, (long) made.size() * ClueKeys.BYTES);
            }
        }
        List<Door> closed = new ArrayList<>();
        for (Door door : doors) {
            door.open = false;
            Door kept = made.stream()
                    .filter(other -> isSame(other, door))
                    .findFirst()
                    .orElse(null);
            if (kept == null) {
                closed.add(door);
            } else {
                kept.members.addAll(door.members);
            }
        }
        keys.fill((byte) 0);
        keys = newKeys;
        slots = newSlots;
        doors = made;
        return closed;
    }

    private static boolean isSame(Door one, Door other) {
        return one.group == other.group
                && one.invitation() == other.invitation()
                && one.secret().constantTimeEquals(other.secret());
    }

    // = docs/spec/17-private-groups.md R17.2
    /// The slot of an INIT's clue; 0: nobody's.
    int recognise(MemorySegment init, int clue) {
        return find(
                ClueKeys.INIT,
                init.get(LONG, Init.CLIENT_RANDOM),
                init.get(LONG, Init.CLIENT_RANDOM + 8L),
                init.get(LONG, clue));
    }

    // = docs/spec/17-private-groups.md R17.3
    /// The clue of an INIT-ACK that stands in `reply` up to `end`, its authenticator zero.
    long answer(int slot, MemorySegment reply, int end) {
        return ClueKeys.answer(keys, (long) slot * ClueKeys.BYTES, reply, end);
    }

    // = docs/spec/17-private-groups.md R17.4
    /// The invitation that a COOKIE-ECHO comes under; null: none.
    @Nullable
    Door door(MemorySegment echo, int clue) {
        ClueKeys.hashEcho(echo, scratch);
        int slot = find(ClueKeys.ECHO, scratch.get(LONG, 0), scratch.get(LONG, Long.BYTES), echo.get(LONG, clue));
        return slot == 0 ? null : doors.get(slot - 1);
    }

    private int find(int key, long first, long second, long clue) {
        int found = 0;
        for (int slot = 1; slot <= slots; slot++) {
            long differs = ClueKeys.of(keys, (long) slot * ClueKeys.BYTES + key, first, second) ^ clue;
            int missed = (int) ((differs | -differs) >> 63);
            found |= slot & ~missed;
        }
        // a random key's slot is nobody's
        return found <= doors.size() ? found : 0;
    }

    /// What became of a client that came under an invitation.
    enum Entry {
        /// It was a member before.
        MEMBER,
        /// It is a member from now on.
        JOINED,
        /// It is none, and there is no room for another.
        STRANGER,
        /// There is nothing here for it: the invitation has been withdrawn meanwhile, or it had none where one
        /// is
        /// needed.
        WITHDRAWN
    }

    // = docs/spec/17-private-groups.md R17.6
    /// Lets a client in, or not.
    ///
    /// @param client null: anonymous
    Entry admit(Door entered, @Nullable PublicKey client) {
        Door door = entered.open ? entered : successor(entered);
        if (door == null) {
            return Entry.WITHDRAWN;
        }
        if (client == null) {
            return Entry.STRANGER;
        }
        if (door.members.contains(client)) {
            return Entry.MEMBER;
        }
        if (door.members.size() >= door.invitation.membersMax()) {
            return Entry.STRANGER;
        }
        door.members.add(client);
        return Entry.JOINED;
    }

    private @Nullable Door successor(Door entered) {
        for (Door door : doors) {
            if (isSame(door, entered)) {
                return door;
            }
        }
        return null;
    }

    @Override
    public void close() {
        keys.fill((byte) 0);
        doors = List.of();
    }
}
