/// Who takes part: one class for each transport, with both of its ends, tuned as its own documentation advises.
///
/// - Enter by: [konce.bench.peer.Contestants], [konce.bench.peer.ContestantMain]
/// - May import: everything. What it measures is decided in [konce.bench.compare].
@NullMarked
package konce.bench.peer;

import org.jspecify.annotations.NullMarked;
