/// `./konce bench compare`: who is compared in what, in which order, and what must come of it.
///
/// - Enter by: [konce.bench.compare.CompareCommand]
/// - May import: everything.
@NullMarked
package konce.bench.compare;

import org.jspecify.annotations.NullMarked;
