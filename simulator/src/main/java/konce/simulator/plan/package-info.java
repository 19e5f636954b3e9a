/// What a run is made of, written down: networks, hosts, workload, attackers, and what must come of it. Records that
/// read like a specification.
///
/// - Enter by: [konce.simulator.plan.Plan]
/// - May import: `konce.protocol`, `konce.simulator.network`. Never: an endpoint.
/// - Guide: docs/simulator.md
@NullMarked
package konce.simulator.plan;

import org.jspecify.annotations.NullMarked;
