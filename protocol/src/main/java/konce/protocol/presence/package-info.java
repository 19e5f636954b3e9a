/// Peers at rest between channels: keys and counters in locked memory, a message of one packet now and then.
///
/// - Enter by: [konce.protocol.presence.Presences]
/// - May import: `konce.protocol`, `.table`, `.wire`, `konce.crypto`. Never: a clock, a socket, a thread, a lock
/// - Invariant: a presence takes [konce.protocol.presence.PresenceTable#RECORD_BYTES] bytes and its places in two
/// indices
/// - Spec: docs/spec/08-presence.md
@NullMarked
package konce.protocol.presence;

import org.jspecify.annotations.NullMarked;
