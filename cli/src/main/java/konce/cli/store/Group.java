package konce.cli.store;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import konce.crypto.Kdf;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;

/// A private group of the user's own, as its file says: no secret is in it, all of them follow from the identity.
///
/// ```text
/// konce-group 1
/// identity NAME
/// salt HEX                           16 bytes, so that a group made again under its name has other keys
/// invitation NUMBER KEYS open|withdrawn LABEL
/// member NUMBER KEY                  a key that has used that invitation
/// ```
///
/// @param identity by which it is served
/// @param salt in hex
public record Group(String name, String identity, String salt, List<Guest> invitations) {
    /// Bytes of a salt.
    public static final int SALT_BYTES = 16;

    private static final int ROOT_BYTES = 32;
    private static final String FIRST_LINE = "konce-group 1";
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// An invitation.
    ///
    /// @param number from 1, never used again
    /// @param keys how many durable keys it is for
    /// @param label the user's own word for it, one word
    public record Guest(int number, int keys, boolean withdrawn, String label, List<PublicKey> members) {
        public Guest {
            members = List.copyOf(members);
        }

        /// The same, withdrawn.
        public Guest withdraw() {
            return new Guest(number, keys, true, label, members);
        }

        /// The same with one more member, if it was none.
        public Guest with(PublicKey member) {
            if (members.contains(member)) {
                return this;
            }
            List<PublicKey> more = new ArrayList<>(members);
            more.add(member);
            return new Guest(number, keys, withdrawn, label, more);
        }
    }

    public Group {
        invitations = List.copyOf(invitations);
    }

    /// The same with another invitation at the end.
    ///
    /// @throws StoreException when there are too many that are open
    public Group invite(int keys, String label) throws StoreException {
        long open = invitations.stream().filter(guest -> !guest.withdrawn()).count();
        if (open >= Limits.INVITATIONS_MAX) {
            throw StoreException.mistake("a server looks for at most " + Limits.INVITATIONS_MAX
                    + " invitations; withdraw some, or let one be used by more keys (--keys)");
        }
        List<Guest> more = new ArrayList<>(invitations);
        more.add(new Guest(invitations.size() + 1, keys, false, label, List.of()));
        return new Group(name, identity, salt, more);
    }

    /// The same with one invitation changed.
    ///
    /// @throws StoreException when there is no such invitation
    public Group change(int number, UnaryOperator<Guest> change) throws StoreException {
        if (number < 1 || number > invitations.size()) {
            throw StoreException.mistake("group '" + name + "' has no invitation " + number + "; 'konce group list "
                    + name + "' shows them");
        }
        List<Guest> changed = new ArrayList<>(invitations);
        changed.set(number - 1, change.apply(changed.get(number - 1)));
        return new Group(name, identity, salt, changed);
    }

    // ---- its secrets

    /// What all its secrets follow from. The caller closes it.
    private Secret root(Vault vault, Identity owner) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context =
                    arena.allocateFrom(ValueLayout.JAVA_BYTE, HexFormat.of().parseHex(salt));
            return owner.derive(vault, "konce group 1", ROOT_BYTES, context);
        }
    }

    /// Its durable key. The caller closes it.
    public SecretKey key(Vault vault, Identity owner) {
        try (Secret root = root(vault, owner)) {
            return SecretKey.fromSeed(vault, root, "konce group 1", MemorySegment.NULL);
        }
    }

    /// An invitation's secret. The caller closes it.
    public Secret secret(Vault vault, Identity owner, int number) {
        try (Secret root = root(vault, owner);
                Arena arena = Arena.ofConfined()) {
            MemorySegment context = arena.allocate(Long.BYTES);
            context.set(LONG, 0, number);
            return Kdf.derive(vault, "konce invitation 1", PrivateGroup.SECRET_BYTES, root, context);
        }
    }

    // ---- its text

    String format() {
        StringBuilder text = new StringBuilder(FIRST_LINE + "\n");
        text.append("identity ").append(identity).append("\nsalt ").append(salt).append('\n');
        for (Guest guest : invitations) {
            text.append("invitation ")
                    .append(guest.number())
                    .append(' ')
                    .append(guest.keys())
                    .append(guest.withdrawn() ? " withdrawn " : " open ")
                    .append(guest.label())
                    .append('\n');
            for (PublicKey member : guest.members()) {
                text.append("member ").append(guest.number()).append(' ');
                text.append(new KonceAddress(member, List.of())).append('\n');
            }
        }
        return text.toString();
    }

    /// @throws StoreException naming the line that cannot be understood
    static Group parse(String name, String text) throws StoreException {
        String[] lines = text.split("\n", -1);
        String identity = "";
        String salt = "";
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            String[] words = lines[i].split(" ", -1);
            boolean understood = true;
            try {
                switch (words[0] + words.length) {
                    case "konce-group2", "1" -> understood = i > 0 || lines[i].equals(FIRST_LINE);
                    case "identity2" -> identity = words[1];
                    case "salt2" -> {
                        salt = words[1];
                        understood = HexFormat.of().parseHex(salt).length == SALT_BYTES;
                    }
                    case "invitation5" -> {
                        Guest guest = guest(words);
                        guests.add(guest);
                        understood = guest.number() == guests.size();
                    }
                    case "member3" -> {
                        int at = Integer.parseInt(words[1]) - 1;
                        guests.set(
                                at,
                                guests.get(at).with(KonceAddress.parse(words[2]).key()));
                    }
                    default -> understood = false;
                }
            } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                understood = false;
            }
            if (!understood) {
                throw StoreException.mistake("the file of group '" + name + "', line " + (i + 1) + ": '" + lines[i]
                        + "' is not understood; mend it in an editor");
            }
        }
        if (identity.isEmpty() || salt.isEmpty()) {
            throw StoreException.mistake("the file of group '" + name + "' names no identity or no salt");
        }
        return new Group(name, identity, salt, guests);
    }

    private static Guest guest(String[] words) {
        int keys = Integer.parseInt(words[2]);
        boolean withdrawn = words[3].equals("withdrawn");
        if (keys < 1 || keys > Limits.GROUP_MEMBERS_MAX || (!withdrawn && !words[3].equals("open"))) {
            throw new IllegalArgumentException("keys, or state");
        }
        return new Guest(Integer.parseInt(words[1]), keys, withdrawn, words[4], List.of());
    }
}
