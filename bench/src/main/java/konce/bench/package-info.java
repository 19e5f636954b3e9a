/// Measurements. `./konce bench micro` runs the small ones with JMH; each class here is one subject.
///
/// - Enter by: [konce.bench.Main]
/// - May import: everything. Nobody imports it.
@NullMarked
package konce.bench;

import org.jspecify.annotations.NullMarked;
