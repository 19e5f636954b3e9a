/// The order of a ledger on several machines, kept by Apache Ratis.
///
/// - Enter by: [konce.registry.SequencerEngine], which finds [konce.cluster.RatisEngine] here
/// - May import: `konce.registry`, `konce.names`, Ratis. No consensus of our own.
/// - Invariant: what the follower is given is on the disks of a majority, in one order.
/// - On the class path, not the module path: Ratis' jars share packages, which modules must not.
/// - Spec: docs/spec/16-registry.md, section 9
@NullMarked
package konce.cluster;

import org.jspecify.annotations.NullMarked;
