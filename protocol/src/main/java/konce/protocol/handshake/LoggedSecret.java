package konce.protocol.handshake;

/// A secret shown to a key log, because the operator asked for one.
///
/// @param label BOX, CHANGE, EARLY, CLIENT or SERVER, as docs/spec/03-handshake.md names them
/// @param secret its bytes
public record LoggedSecret(String label, byte[] secret) {}
