/// What the whole ledger was at a moment, in five numbers, and who signed it: checkpoints, the witnesses' rule, and
/// what shows that somebody signed two histories.
///
/// - Enter by: [konce.names.checkpoint.Checkpoint], [konce.names.checkpoint.WitnessSet],
///   [konce.names.checkpoint.Witness], [konce.names.checkpoint.SignedCheckpoint]
/// - May import: `konce.names.encoding`, `.history`, `konce.crypto`. Never: a clock, a socket, a thread, a lock, a
/// file.
/// - Invariant: a [konce.names.checkpoint.Witness] gives no signature before what it promises has been given to be
///   stored.
/// - Spec: docs/spec/14-witnesses.md
@NullMarked
package konce.names.checkpoint;

import org.jspecify.annotations.NullMarked;
