/// A ledger's machines and witnesses as processes, killed and paused while they work; and what is to be said of it
/// afterwards.
///
/// - Enter by: [konce.cli.chaos.ChaosRun]
/// - May import: `konce.registry`, `konce.node`, `konce.names`, the commands by [konce.cli.Main] alone
/// - Invariant: what is judged is what is on the disks and what clients were told, never what a process says of itself.
@NullMarked
package konce.cli.chaos;

import org.jspecify.annotations.NullMarked;
