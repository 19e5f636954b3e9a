/// Packets in words, for people: every field, and what is sealed when its secret is known. Never on the packet path.
///
/// - Enter by: [konce.protocol.dissect.Dissector]
/// - May import: `konce.protocol`, `.wire`, `.handshake`, `konce.crypto`
/// - Spec: docs/spec/02-packets.md
@NullMarked
package konce.protocol.dissect;

import org.jspecify.annotations.NullMarked;
