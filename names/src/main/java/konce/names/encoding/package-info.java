/// Values and their one encoding: what is hashed or signed has exactly one sequence of bytes, and no other is read.
///
/// - Enter by: [konce.names.encoding.Decoded#of], [konce.names.encoding.ByteWriter], [konce.names.encoding.Hashing]
/// - May import: `konce.crypto`. Never: a clock, a socket, a thread, a lock, a file.
/// - Invariant: reading any bytes ends with a value or with a reason, never with an exception; a value that was read
///   is written as the same bytes.
/// - Spec: docs/spec/12-ledger.md, section 2
@NullMarked
package konce.names.encoding;

import org.jspecify.annotations.NullMarked;
