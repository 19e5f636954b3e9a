/// Byte streams without input or output: what goes into a record, in which order bytes come out, and how much may be
/// under way.
///
/// - Enter by: [konce.node.stream.StreamSender], [konce.node.stream.StreamReceiver], [konce.node.stream.StreamRecord]
/// - May import: `konce.protocol`. Never: a clock, a socket, a thread, a lock.
/// - Invariant: bytes held never exceed the window given to the peer.
/// - Spec: docs/spec/10-streams.md
@NullMarked
package konce.node.stream;

import org.jspecify.annotations.NullMarked;
