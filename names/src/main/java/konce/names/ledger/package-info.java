/// The ledger: accounts, coins, names and roles, and the transactions that change them. A state machine: the same
/// blocks give the same bytes on every machine.
///
/// - Enter by: [konce.names.ledger.Ledger]. It is a value; `Ledger.begin(genesis)` is the first,
///   `ledger.apply(block)` gives the next or a refusal with its [konce.names.ledger.Rule],
///   `ledger.draft(time, transactions)` puts a block together, `ledger.check(transaction, time)` is for a queue in
///   front, `ledger.prove(subject)` and `ledger.checkpoint()` are for whoever asks.
/// - Transactions: [konce.names.ledger.Transaction] is what is meant, [konce.names.ledger.SignedTransaction] what
///   travels.
/// - State: [konce.names.ledger.Account], [konce.names.ledger.NameRecord], [konce.names.ledger.RoleRecord],
///   [konce.names.ledger.Totals], each a value of the trie; [konce.names.ledger.Snapshot] writes all of it down.
/// - May import: `konce.names.encoding`, `.trie`, `.history`, `.checkpoint`. Never: a clock, a socket, a thread, a
///   lock, a file.
/// - Invariant: a transaction that is refused changes nothing.
/// - Spec: docs/spec/12-ledger.md
@NullMarked
package konce.names.ledger;

import org.jspecify.annotations.NullMarked;
