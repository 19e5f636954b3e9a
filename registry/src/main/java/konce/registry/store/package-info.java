/// What a registry keeps on disk: blocks in one append-only log, and snapshots to start from.
///
/// - Enter by: [konce.registry.store.BlockLog]
/// - May import: the JDK's files and channels, `konce.node.store`. Knows nothing of what a block says.
/// - Invariant: what was forced is read again after a crash, byte for byte, or the log is refused; nothing is guessed.
@NullMarked
package konce.registry.store;

import org.jspecify.annotations.NullMarked;
