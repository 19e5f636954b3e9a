/// The wind tunnel: real endpoints in virtual time, from one seed, over networks and against attackers that are written
/// down as records. The same scenario and seed give the same run, datagram for datagram.
///
/// - Enter by: [konce.simulator.Simulation], [konce.simulator.Scenario], [konce.simulator.Campaign]
/// - May import: `konce.crypto`, `konce.protocol`. Never: `konce.node`, a socket, a clock; threads only in `Campaign`.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator;

import org.jspecify.annotations.NullMarked;
