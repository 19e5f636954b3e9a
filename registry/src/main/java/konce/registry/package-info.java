/// The ledger as a service: takes transactions in, makes blocks as a sequencer orders, has witnesses sign, and answers.
///
/// - Enter by: [konce.registry.RegistryServer], [konce.registry.WitnessServer]
/// - May import: `konce.registry.store`, `konce.node`, `konce.names`. The rules of the ledger are not here.
/// - Invariant: nothing is acknowledged before it is on disk, and no client is shown what no quorum has signed.
/// - Spec: docs/spec/16-registry.md
@NullMarked
package konce.registry;

import org.jspecify.annotations.NullMarked;
