/// The vocabulary of the protocol: addresses, handlers, events, outcomes, reasons, limits. It imports nobody but the
/// keys of `konce.crypto`, and everybody may import it.
///
/// - Enter by: [konce.protocol.Event], [konce.protocol.Outcome], [konce.protocol.Limits]
/// - May import: `konce.crypto`. Never: a clock, a socket, a thread, a lock.
/// - Spec: docs/spec/01-notation.md
@NullMarked
package konce.protocol;

import org.jspecify.annotations.NullMarked;
