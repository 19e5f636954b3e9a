/// Names at work: asks registries, has what they say judged, and keeps what was believed.
///
/// - Enter by: [konce.node.names.NameResolver], [konce.node.names.RegistryClient]
/// - May import: `konce.node`, `konce.node.store`, `konce.names`. Trust is decided in `konce.names.client` alone.
/// - Invariant: what a client must remember is on disk before what it found is used.
/// - Spec: docs/spec/15-light-client.md, 16-registry.md
@NullMarked
package konce.node.names;

import org.jspecify.annotations.NullMarked;
