/// The run itself: hosts with endpoints, clocks and applications; attackers; the trace of all that happened.
///
/// - Enter by: [konce.simulator.world.World]
/// - May import: `konce.protocol.endpoint`, and the simulator's own packages below. Never: a real clock, a thread.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator.world;

import org.jspecify.annotations.NullMarked;
