package konce.names;

import konce.names.encoding.Key;

/// An Ed25519 key of the ledger as text that a person can paste: an account, a master key, a recovery key, a witness.
///
/// - shape: bech32m with the human-readable part `koncekey`, over the 32 bytes; 67 characters
/// - source: docs/spec/16-registry.md, section 8
public final class KeyText {
    private static final String HUMAN_READABLE_PART = "koncekey";
    private static final String PREFIX = HUMAN_READABLE_PART + "1";

    private KeyText() {}

    /// The text, in lower case.
    public static String of(Key key) {
        // = docs/spec/16-registry.md R16.21
        return Bech32m.encode(HUMAN_READABLE_PART, Bech32m.toGroups(key.toBytes()));
    }

    /// The key of a text.
    ///
    /// @throws AddressSyntaxException for any other text, and for 32 bytes that are no key; it names the character
    public static Key parse(String text) {
        Bech32m.Decoded decoded = Bech32m.decode(text);
        if (!decoded.prefix().equals(HUMAN_READABLE_PART)) {
            throw AddressSyntaxException.at(0, "a key of the ledger begins with " + PREFIX);
        }
        byte[] bytes = Bech32m.toBytes(decoded.groups(), PREFIX.length());
        if (bytes.length != Key.BYTES) {
            throw AddressSyntaxException.at(PREFIX.length(), "a key has " + Key.BYTES + " bytes, not " + bytes.length);
        }
        Key key = Key.of(bytes);
        // = docs/spec/16-registry.md R16.22
        if (key.verifying() == null) {
            throw AddressSyntaxException.at(PREFIX.length(), "these bytes are no key");
        }
        return key;
    }
}
