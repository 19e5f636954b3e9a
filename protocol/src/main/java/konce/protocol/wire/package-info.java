/// Floor 1: bytes to packets and frames, and back. Nothing here decides anything.
///
/// - Enter by: [konce.protocol.wire.ByteReader], [konce.protocol.wire.ByteWriter], [konce.protocol.wire.FrameReader]
/// - May import: `konce.protocol`, `konce.crypto`
/// - Invariant: no input makes a reader throw, loop without end or allocate
/// - Spec: docs/spec/02-packets.md
@NullMarked
package konce.protocol.wire;

import org.jspecify.annotations.NullMarked;
