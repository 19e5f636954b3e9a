/// How much flows get of a bottleneck they share: real endpoints beside a model of TCP, in virtual time.
///
/// - Enter by: [konce.simulator.measure.Measurement]
/// - May import: `konce.crypto`, `konce.protocol`, `konce.simulator.clock`, `konce.simulator.network`. Never: a
/// checker.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator.measure;

import org.jspecify.annotations.NullMarked;
