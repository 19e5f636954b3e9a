/// What the command keeps on disk: identities and the petname book.
///
/// - Enter by: [konce.cli.store.Home], [konce.cli.store.Identities], [konce.cli.store.PetnameFile]
/// - May import: `konce.names`, `konce.protocol`, `konce.crypto`. Never: a socket, a thread.
/// - Invariant: a file is there whole or not at all, and no identity is ever written over.
@NullMarked
package konce.cli.store;

import org.jspecify.annotations.NullMarked;
