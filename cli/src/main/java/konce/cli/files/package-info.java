/// Files over messages: what `konce serve --files` answers and `konce copy` asks.
///
/// - Enter by: [konce.cli.files.FileServer], [konce.cli.files.FileClient]
/// - May import: `konce.crypto`. Never: a socket; messages come and go as bytes.
/// - Invariant: no request reaches outside the served directory.
/// - Spec: docs/spec/11-files.md
@NullMarked
package konce.cli.files;

import org.jspecify.annotations.NullMarked;
