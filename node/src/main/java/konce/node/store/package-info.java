/// Files of which a crash leaves the old or the new, and nothing between.
///
/// - Enter by: [konce.node.store.AtomicFile]
/// - May import: the JDK's files and channels.
/// - Invariant: what was written is on disk before the call returns.
@NullMarked
package konce.node.store;

import org.jspecify.annotations.NullMarked;
