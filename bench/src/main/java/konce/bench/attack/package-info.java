/// Floods: what refusing them costs, and whether honest clients get through beside them.
///
/// - Enter by: [konce.bench.attack.AttackCommand], [konce.bench.attack.RefusalCommand]
/// - Processes: a victim, a flooder that gives way to everybody else for a processor, and honest clients. Each is asked
///   by lines ([konce.bench.attack.AttackMain]).
@NullMarked
package konce.bench.attack;

import org.jspecify.annotations.NullMarked;
