/// The command: what a person or a script types, and what it prints.
///
/// - Enter by: [konce.cli.Main]
/// - May import: everything. It owns no protocol state and no rule that a program using `konce.node` would miss.
/// - Invariant: the exit status is 0 when what was asked was done, 1 when it was not, 2 when it was asked wrongly; an
///   error is one line on standard error that says what to do.
@NullMarked
package konce.cli;

import org.jspecify.annotations.NullMarked;
