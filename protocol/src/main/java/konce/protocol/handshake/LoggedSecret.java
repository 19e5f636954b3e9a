package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.crypto.Secret;
import konce.crypto.SecretAccess;

/// A secret shown to a key log, because the operator asked for one.
///
/// @param label BOX, CHANGE, EARLY, CLIENT or SERVER, as docs/spec/03-handshake.md names them; CLIENT_UPDATED or
///     SERVER_UPDATED, once for each key phase after the first
/// @param secret its bytes
public record LoggedSecret(String label, byte[] secret) {
    static LoggedSecret of(String label, Secret secret) {
        MemorySegment bytes = Arena.ofAuto().allocate(secret.bytes());
        secret.copyTo(bytes, 0, SecretAccess.grant("the operator asked for a key log"));
        return new LoggedSecret(label, bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
