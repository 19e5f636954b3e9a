package konce.cli.store;

import java.lang.foreign.MemorySegment;
import konce.crypto.Kdf;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.OwnedName;
import konce.names.Pseudonyms;

/// An open identity: its root secret, and the key it gives.
public final class Identity implements AutoCloseable {
    private final String name;
    private final Secret root;
    private final SecretKey key;

    Identity(String name, Secret root, SecretKey key) {
        this.name = name;
        this.root = root;
        this.key = key;
    }

    /// The name of its file.
    public String name() {
        return name;
    }

    /// The key a server with this identity is known by. Closed with the identity.
    public SecretKey key() {
        return key;
    }

    /// The key to show this server as a client. The caller closes it.
    ///
    /// - source: docs/spec/09-names.md, section 5
    public SecretKey pseudonymFor(Vault vault, PublicKey server) {
        // = docs/spec/09-names.md R9.15
        return Pseudonyms.forServer(vault, root, server);
    }

    /// A secret that follows from this identity for one purpose. The caller closes it.
    Secret derive(Vault vault, String label, int bytes, MemorySegment context) {
        return Kdf.derive(vault, label, bytes, root, context);
    }

    /// The key to show the server of a name as a client, as long as the name's owner is the same. The caller closes
    /// it.
    ///
    /// - source: docs/spec/09-names.md, section 5
    public SecretKey pseudonymFor(Vault vault, OwnedName name) {
        // = docs/spec/09-names.md R9.15 R9.16
        return Pseudonyms.forName(vault, root, name);
    }

    /// The key of this identity that signs for one purpose. The caller closes it.
    public SigningKey signingKey(Vault vault, SigningPurpose purpose) {
        try (Secret seed =
                Kdf.derive(vault, "signing key " + purpose.label(), Pseudonyms.ROOT_BYTES, root, MemorySegment.NULL)) {
            return SigningKey.fromSeed(vault, seed);
        }
    }

    @Override
    public void close() {
        key.close();
        root.close();
    }

    @Override
    public String toString() {
        return "Identity[" + name + "]";
    }
}
