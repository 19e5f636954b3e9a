/// The simulated network: links that delay, lose, damage, queue and black out datagrams, as their options say.
///
/// - Enter by: [konce.simulator.network.Network], [konce.simulator.network.LinkOptions]
/// - May import: `konce.protocol` for addresses, `konce.simulator.clock`. Never: an endpoint.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator.network;

import org.jspecify.annotations.NullMarked;
