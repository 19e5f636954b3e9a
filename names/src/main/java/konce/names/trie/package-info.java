/// The map from keys to values whose root is one hash: with it goes a proof, short and checked by anyone, that a value
/// is there or that there is none.
///
/// - Enter by: [konce.names.trie.Trie], [konce.names.trie.TrieProof]
/// - May import: `konce.names.encoding`. Never: a clock, a socket, a thread, a lock, a file.
/// - Invariant: the root depends on what is in the map alone, not on the order of changes.
/// - Spec: docs/spec/13-proofs.md, section 1
@NullMarked
package konce.names.trie;

import org.jspecify.annotations.NullMarked;
