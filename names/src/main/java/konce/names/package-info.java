/// Names: addresses as text, the user's own petnames, and how a text becomes a key.
///
/// - Enter by: [konce.names.KonceAddress], [konce.names.PetnameBook], [konce.names.Resolver]
/// - May import: `konce.protocol`, `konce.crypto`. Never: a clock, a socket, a thread, a lock, a file.
/// - Invariant: whatever the text, parsing ends with a value or with a message that says which character is wrong.
/// - Spec: docs/spec/09-names.md
@NullMarked
package konce.names;

import org.jspecify.annotations.NullMarked;
