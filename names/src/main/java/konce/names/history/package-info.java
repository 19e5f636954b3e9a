/// The list of all blocks under one hash: a Merkle tree after RFC 6962, with proofs that a block is in it and that a
/// longer list begins with a shorter.
///
/// - Enter by: [konce.names.history.HistoryTree] for whoever has every block, [konce.names.history.HistoryPeaks] for
///   whoever only appends, [konce.names.history.HistoryProof] for whoever checks
/// - May import: `konce.names.encoding`. Never: a clock, a socket, a thread, a lock, a file.
/// - Spec: docs/spec/13-proofs.md, section 3
@NullMarked
package konce.names.history;

import org.jspecify.annotations.NullMarked;
