/// What is asked of a registry and what it answers, as bytes and as values. Nothing here decides whether an answer is
/// true.
///
/// - Enter by: [konce.names.registry.RegistryRequest], [konce.names.registry.RegistryReply]
/// - May import: the other packages of `konce.names`. Never: a clock, a socket, a thread, a lock, a file.
/// - Invariant: reading any bytes ends with a value or with a reason.
/// - Spec: docs/spec/16-registry.md
@NullMarked
package konce.names.registry;

import org.jspecify.annotations.NullMarked;
