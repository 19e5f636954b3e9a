/// The checkers: what must be true of every run, watched from outside, by code that shares nothing with what it checks.
///
/// - Enter by: [konce.simulator.check.Findings], [konce.simulator.check.Rule]
/// - May import: `konce.protocol`, `konce.simulator.clock`, `konce.simulator.plan`. Never: an endpoint.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator.check;

import org.jspecify.annotations.NullMarked;
