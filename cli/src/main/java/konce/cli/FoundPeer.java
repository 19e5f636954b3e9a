package konce.cli;

import konce.cli.store.Identity;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.names.OwnedName;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// Who is meant by what a person wrote.
///
/// @param target shown no identity yet
/// @param name the name of the ledger that was written; null: a petname, an address or an invitation was
record FoundPeer(Target.Peer target, @Nullable OwnedName name) {
    static FoundPeer at(KonceAddress address, @Nullable OwnedName name) {
        return new FoundPeer(new Target.Peer(address.key(), address.addresses(), null, null), name);
    }

    KonceAddress address() {
        return new KonceAddress(target.key(), target.addresses());
    }

    /// The key that an identity shows this peer: the name's where one was written, else the server's. The caller
    /// closes
    /// it.
    SecretKey shownBy(Identity identity, Vault vault) {
        return name == null ? identity.pseudonymFor(vault, target.key()) : identity.pseudonymFor(vault, name);
    }
}
