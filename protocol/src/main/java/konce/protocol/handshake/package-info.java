/// Floor 2: the handshake of four packets. Until a COOKIE-ECHO has been verified the server keeps nothing, allocates
/// nothing and does no group operation.
///
/// - Enter by: [konce.protocol.handshake.ServerHandshake], [konce.protocol.handshake.ClientHandshake]
/// - May import: `konce.protocol`, `.wire`, `konce.crypto`. Never: a clock, a socket, a thread, a lock
/// - Spec: docs/spec/03-handshake.md
@NullMarked
package konce.protocol.handshake;

import org.jspecify.annotations.NullMarked;
