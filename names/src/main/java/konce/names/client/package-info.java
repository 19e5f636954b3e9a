/// Who believes a name without trusting whoever answered: every check on an answer, each with its own reason to refuse.
///
/// - Enter by: [konce.names.client.LightClient]. `LightClient.start(genesis)` or `LightClient.of(record)`;
///   `client.query(subject)` is what to send, `client.resolve(subject, answer, now)` judges what came back. The
///   [konce.names.client.Verdict] has the client to go on with: store its record before using what it found.
/// - May import: `konce.names.encoding`, `.trie`, `.history`, `.checkpoint`, `.ledger`, `.binding`. Never: a clock, a
///   socket, a thread, a lock, a file.
/// - Invariant: a client never goes back to an older checkpoint, witness set or binding than it has believed.
/// - Spec: docs/spec/15-light-client.md
@NullMarked
package konce.names.client;

import org.jspecify.annotations.NullMarked;
