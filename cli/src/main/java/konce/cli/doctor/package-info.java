/// What a machine offers to Konce, found out by looking and by trying.
///
/// - Enter by: [Machine]
/// - May import: `konce.crypto`, `konce.protocol`, `konce.names`, `konce.node`. Never: a terminal.
/// - Invariant: nothing is changed.
@org.jspecify.annotations.NullMarked
package konce.cli.doctor;
