/// The ground floor's top: what a program imports. A node is one UDP socket, one endpoint and the threads around them.
///
/// - Enter by: [konce.node.Node]
/// - May import: `konce.protocol`, `konce.crypto`, `konce.names`, Netty. Here sockets, clocks, threads and disks begin.
/// - Invariant: the endpoint is called on its socket's loop and nowhere else; of applications' code only what promised
///   never to block runs there.
/// - Spec: docs/spec/10-streams.md for byte streams
@NullMarked
package konce.node;

import org.jspecify.annotations.NullMarked;
