/// Floor 4: packet numbers, acknowledgements with their missing list, loss.
///
/// - Enter by: [konce.protocol.flow.ReceivedPackets], [konce.protocol.flow.SentPackets],
///   [konce.protocol.flow.LossRecovery]
/// - May import: `konce.protocol`, `.wire`, `.table`, `.path`
/// - Spec: docs/spec/06-flow.md
@NullMarked
package konce.protocol.flow;

import org.jspecify.annotations.NullMarked;
