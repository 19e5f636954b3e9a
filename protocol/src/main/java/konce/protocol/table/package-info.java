/// Small collections over primitives, for state that is touched for every packet: nothing is boxed, nothing allocated
/// in the steady state.
///
/// - Enter by: [konce.protocol.table.LongMap], [konce.protocol.table.RangeSet], [konce.protocol.table.DeadlineHeap]
/// - May import: nobody
@NullMarked
package konce.protocol.table;

import org.jspecify.annotations.NullMarked;
