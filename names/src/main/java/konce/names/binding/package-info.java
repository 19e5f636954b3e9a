/// Where the owner of a name is to be found for now: signed by the owner, not on the ledger.
///
/// - Enter by: [konce.names.binding.ServerBinding]
/// - May import: `konce.names.encoding`, `.ledger`, `konce.protocol`, `konce.crypto`. Never: a clock, a socket, a
///   thread, a lock, a file.
/// - Spec: docs/spec/15-light-client.md, section 1
@NullMarked
package konce.names.binding;

import org.jspecify.annotations.NullMarked;
