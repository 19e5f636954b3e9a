/// Other processes: how they are started, asked, measured and ended. The side of the parent is
/// [konce.bench.process.Child],
/// the side of the child [konce.bench.process.Answering].
///
/// - Enter by: [konce.bench.process.Children]
/// - May import: the JDK and Gson.
/// - Invariant: a child ends when its standard input does, so none outlives its parent, however that ended.
@NullMarked
package konce.bench.process;

import org.jspecify.annotations.NullMarked;
