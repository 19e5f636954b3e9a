package konce.names;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.PrivateGroup;
import konce.protocol.Target;

/// An invitation to a private group as text that a person can paste. Whoever has the text may use it.
///
/// - shape: `konceg1` and 83 characters of bech32m; then nothing, or `@` and network addresses separated by commas
/// - source: docs/spec/17-private-groups.md, section 1
///
/// @param key the group's key
/// @param secret what lets its holder in, [PrivateGroup#SECRET_BYTES]; closed with the invitation
/// @param addresses where the group's server may be, in the order to try
public record Invitation(PublicKey key, Secret secret, List<Address> addresses) implements AutoCloseable {
    /// The human-readable part and the separator: every invitation starts so.
    public static final String TEXT_PREFIX = "konceg1";

    private static final String HUMAN_READABLE_PART = "konceg";
    private static final int BYTES = PublicKey.BYTES + PrivateGroup.SECRET_BYTES;

    /// Characters of the part before the network addresses.
    public static final int KEY_CHARS = TEXT_PREFIX.length() + (BYTES * 8 + 4) / 5 + Bech32m.CHECKSUM_CHARS;

    public Invitation {
        addresses = List.copyOf(addresses);
    }

    /// Whether the text means to be an invitation, right or wrong.
    public static boolean isLike(String text) {
        return text.regionMatches(true, 0, TEXT_PREFIX, 0, TEXT_PREFIX.length());
    }

    // = docs/spec/17-private-groups.md R17.9
    /// Reads an invitation.
    ///
    /// @param vault where its secret goes
    /// @throws AddressSyntaxException saying which character is wrong, and never what the secret is
    public static Invitation parse(String text, Vault vault) {
        int at = text.indexOf('@');
        String keyPart = at < 0 ? text : text.substring(0, at);
        if (!isLike(text)) {
            throw new AddressSyntaxException(0, "an invitation starts with '" + TEXT_PREFIX + "'");
        }
        int one = keyPart.lastIndexOf('1');
        if (one >= TEXT_PREFIX.length()) {
            throw AddressSyntaxException.at(
                    one, "'1' is not used in invitations after '" + TEXT_PREFIX + "'; is it an l?");
        }
        if (keyPart.length() != KEY_CHARS) {
            throw new AddressSyntaxException(
                    Math.min(keyPart.length(), KEY_CHARS),
                    "an invitation has " + KEY_CHARS + " characters before its network addresses, not "
                            + keyPart.length());
        }
        List<Address> addresses = at < 0 ? List.of() : KonceAddress.parseAddresses(text, at + 1);
        byte[] bytes = Bech32m.toBytes(Bech32m.decode(keyPart).groups(), TEXT_PREFIX.length());
        try (Arena arena = Arena.ofConfined()) {
            PublicKey key = PublicKey.decode(Arrays.copyOf(bytes, PublicKey.BYTES));
            if (key == null) {
                throw new AddressSyntaxException(
                        TEXT_PREFIX.length(),
                        "the checksum is right, but there is no key in it; ask for the invitation again");
            }
            MemorySegment source = arena.allocate(BYTES);
            MemorySegment.copy(bytes, 0, source, ValueLayout.JAVA_BYTE, 0, BYTES);
            Secret secret = Secret.copyOf(vault, source, PublicKey.BYTES, PrivateGroup.SECRET_BYTES);
            source.fill((byte) 0);
            return new Invitation(key, secret, addresses);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /// Whom it leads to. Which identity to show is for the sender to say: groups know no anonymous members.
    public Target.Peer target() {
        return new Target.Peer(key, addresses, null, null, secret);
    }

    /// The text that [#parse] reads back: whoever sees it can use it.
    public String toText() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(BYTES);
            key.writeTo(bytes, 0);
            secret.copyTo(bytes, PublicKey.BYTES, SecretAccess.grant("an invitation is text that is sent to somebody"));
            byte[] groups = Bech32m.toGroups(bytes.toArray(ValueLayout.JAVA_BYTE));
            bytes.fill((byte) 0);
            StringBuilder text = new StringBuilder(Bech32m.encode(HUMAN_READABLE_PART, groups));
            for (int i = 0; i < addresses.size(); i++) {
                text.append(i == 0 ? '@' : ',').append(addresses.get(i));
            }
            return text.toString();
        }
    }

    @Override
    public void close() {
        secret.close();
    }

    /// Names the group, and not the secret.
    @Override
    public String toString() {
        return "Invitation[" + new KonceAddress(key, addresses) + "]";
    }
}
