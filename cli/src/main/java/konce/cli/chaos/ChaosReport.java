package konce.cli.chaos;

import java.util.List;

/// What came of a trial.
///
/// @param seed it was drawn from
/// @param events there were: kills and pauses, each of one process
/// @param kills among them, of machines that order and of witnesses together
/// @param leaderHits events that hit the machine that was known to order
/// @param leaders how often another machine was seen to order
/// @param acknowledged transactions
/// @param transactions in the blocks
/// @param blocks there are
/// @param checkpoints different ones that somebody was shown, signed
/// @param signatures of witnesses that were checked
/// @param resolved how often a client found the name's server
/// @param longestSeconds the longest time without an acknowledgement
/// @param leaderSeconds from an event that hit the machine that orders to the next acknowledgement: the median
/// @param wallSeconds all of it
/// @param violations what must not have been; empty when all is well
public record ChaosReport(
        long seed,
        int events,
        int kills,
        int leaderHits,
        int leaders,
        long acknowledged,
        long transactions,
        long blocks,
        long checkpoints,
        long signatures,
        long resolved,
        double longestSeconds,
        double leaderSeconds,
        double wallSeconds,
        List<String> violations) {
    public ChaosReport {
        violations = List.copyOf(violations);
    }
}
