/// Virtual time and dice: everything a run may call time or chance.
///
/// - Enter by: [konce.simulator.clock.Timeline], [konce.simulator.clock.Dice]
/// - May import: `konce.crypto`. Never: a real clock.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator.clock;

import org.jspecify.annotations.NullMarked;
