/// What names cost: ledgers of several sizes, a registry on a disk and behind a long path, and what others do instead.
///
/// - enter by [konce.bench.names.NamesCommand]
/// - may use: names, node and registry; [konce.bench.report] for what is written
package konce.bench.names;
