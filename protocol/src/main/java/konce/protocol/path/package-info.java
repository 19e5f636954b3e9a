/// Floor 3: one pair of network addresses. Round trip, congestion, pacing: the one unit of flow control and of DDoS
/// accounting for everything between the two, however many identities share it.
///
/// - Enter by: [konce.protocol.path.Path]
/// - May import: `konce.protocol`
/// - Spec: docs/spec/05-paths.md
@NullMarked
package konce.protocol.path;

import org.jspecify.annotations.NullMarked;
