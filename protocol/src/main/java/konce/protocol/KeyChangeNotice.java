package konce.protocol;

import konce.crypto.PublicKey;

/// A server's new key, signed by the master key of its name.
///
/// - shape: signature over `"konce key change 1" || newKey (32) || sequence (8, big-endian)`
/// - source: docs/spec/03-handshake.md, section 8
///
/// @param newKey the key clients should use now
/// @param sequence larger than that of every earlier notice
/// @param signature 64 bytes, Ed25519, by the master key
public record KeyChangeNotice(PublicKey newKey, long sequence, byte[] signature) {
    public KeyChangeNotice {
        if (signature.length != 64) {
            throw new IllegalArgumentException("an Ed25519 signature has 64 bytes, not " + signature.length);
        }
        signature = signature.clone();
    }
}
