package konce.simulator.measure;

import konce.protocol.CongestionControl;

/// Somebody who sends as much as may be sent, all the time.
public sealed interface Flow {
    /// Messages of a mebibyte over one channel.
    ///
    /// @param control how its path finds out how much it may send
    /// @param background whether they yield to everything else
    /// @param ecn whether packets are marked as taking part
    record Konce(CongestionControl control, boolean background, boolean ecn) implements Flow {}

    /// TCP with CUBIC and selective acknowledgements.
    record Tcp() implements Flow {}
}
