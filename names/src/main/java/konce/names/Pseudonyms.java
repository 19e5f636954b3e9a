package konce.names;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.names.encoding.ByteWriter;
import konce.names.ledger.Subject;

/// The keys one person shows to different servers: one root secret, and for each server a key of its own, always the
/// same there and unlinkable elsewhere. Two servers that compare notes learn nothing.
///
/// A server that has a name is known by the name: when its key changes, the account there stays. When the name changes
/// hands, the next owner is shown another key.
///
/// - source: docs/spec/09-names.md, section 5
public final class Pseudonyms {
    /// Bytes of the root secret.
    public static final int ROOT_BYTES = 32;

    private static final String LABEL = "konce pseudonym 1";

    private static final String NAME_LABEL = "konce name pseudonym 1";

    private Pseudonyms() {}

    /// The key to show whoever serves this name, as long as its owner is the same.
    ///
    /// @param vault where the key is made; its owner closes it
    /// @param root the person's root secret of [#ROOT_BYTES]
    public static SecretKey forName(Vault vault, Secret root, OwnedName name) {
        // = docs/spec/09-names.md R9.16
        ByteWriter out = new ByteWriter().hash(name.genesis());
        Subject.write(name.subject(), out);
        out.u31(name.owner());
        try (Arena arena = Arena.ofConfined()) {
            return SecretKey.fromSeed(
                    vault, root, NAME_LABEL, arena.allocateFrom(ValueLayout.JAVA_BYTE, out.toBytes()));
        }
    }

    /// The key to show this server.
    ///
    /// @param vault where the key is made; its owner closes it
    /// @param root the person's root secret of [#ROOT_BYTES]
    public static SecretKey forServer(Vault vault, Secret root, PublicKey server) {
        // = docs/spec/09-names.md R9.14
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment context = arena.allocate(PublicKey.BYTES);
            server.writeTo(context, 0);
            return SecretKey.fromSeed(vault, root, LABEL, context);
        }
    }
}
