package konce.simulator.network;

import java.util.List;

/// Which datagrams a link loses.
public sealed interface Loss {
    /// None of them.
    Loss NONE = new Never();

    /// None of them.
    record Never() implements Loss {}

    /// Each with the same chance, but never more than so many in a row: the interop runner's `drop-rate`.
    ///
    /// @param chance 0.0 to 1.0
    /// @param burstMax the most in a row
    record Rate(double chance, int burstMax) implements Loss {}

    /// Two states, good and bad, that change by chance before each datagram: losses come in bursts.
    ///
    /// - source: Gilbert 1960, Elliott 1963
    ///
    /// @param toBad chance that a good link turns bad
    /// @param toGood chance that a bad link turns good
    /// @param lossGood chance of a loss while good
    /// @param lossBad chance of a loss while bad
    record GilbertElliott(double toBad, double toGood, double lossGood, double lossBad) implements Loss {}

    /// The n-th datagrams, counted from 1.
    record Exactly(List<Long> numbers) implements Loss {
        public Exactly {
            numbers = List.copyOf(numbers);
        }
    }
}
