package konce.names;

import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Vault;
import konce.crypto.VerifyingKey;
import konce.fuzz.Target;
import konce.protocol.Address;

/// Texts that people write and files they edit.
public final class TextTargets {
    private TextTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(
                Target.text(
                        "bech32m",
                        text -> List.of(
                                Bech32m.decode(text).prefix(),
                                new String(
                                        Bech32m.decode(text).groups(), java.nio.charset.StandardCharsets.ISO_8859_1)),
                        value -> Bech32m.encode(
                                value.get(0), value.get(1).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)),
                        AddressSyntaxException.class),
                Target.text("konce-address", KonceAddress::parse, KonceAddress::toString, AddressSyntaxException.class),
                Target.text("key-text", KeyText::parse, KeyText::of, AddressSyntaxException.class),
                Target.text("petname-book", PetnameBook::parse, PetnameBook::format, PetnameException.class),
                Target.text("network-address", Address::parse, Address::toString, IllegalArgumentException.class),
                invitation(Vault.open(1 << 12)),
                new Target("public-key", TextTargets::publicKey),
                new Target("verifying-key", TextTargets::verifyingKey));
    }

    private static Target invitation(Vault vault) {
        return Target.text(
                "invitation",
                text -> {
                    try (Invitation invitation = Invitation.parse(text, vault)) {
                        return invitation.toText();
                    }
                },
                text -> text,
                AddressSyntaxException.class);
    }

    private static void publicKey(byte[] input) {
        if (input.length == PublicKey.BYTES) {
            PublicKey key = PublicKey.decode(input);
            if (key != null) {
                Target.checkSame(input, key.toBytes());
            }
        }
    }

    private static void verifyingKey(byte[] input) {
        if (input.length == VerifyingKey.BYTES) {
            VerifyingKey key = VerifyingKey.decode(input);
            if (key != null) {
                Target.checkSame(input, key.toBytes());
            }
        }
    }
}
