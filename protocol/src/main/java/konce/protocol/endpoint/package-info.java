/// The front door of the protocol: datagrams, deadlines and commands in; datagrams, events, jobs and the next deadline
/// out.
///
/// - Enter by: [konce.protocol.endpoint.Endpoint]
/// - May import: every floor of `konce.protocol`, and `konce.crypto`. Never: a clock, a socket, a thread, a lock.
/// - Spec: docs/spec/
@NullMarked
package konce.protocol.endpoint;

import org.jspecify.annotations.NullMarked;
