/// Known peers at rest: the tier below presences, without secrets or addresses.
///
/// - Enter by: [konce.store.SqlPeerRecords]
/// - May import: `konce.node` and below
/// - Spec: docs/spec/08-presence.md, section 4
@NullMarked
package konce.store;

import org.jspecify.annotations.NullMarked;
