package konce.cluster;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import konce.registry.Sequencer;
import konce.registry.SequencerEngine;

/// Apache Ratis, as what keeps one order on several machines.
public final class RatisEngine implements SequencerEngine {
    /// Ratis' own Netty tells of every connection; a logger that nobody holds forgets its level.
    private static final Logger TALKATIVE = Logger.getLogger("org.apache.ratis.thirdparty.io.netty");

    /// For [java.util.ServiceLoader].
    public RatisEngine() {
        TALKATIVE.setLevel(Level.OFF);
    }

    @Override
    public Sequencer open(Part part, Sequencer.Follower follower) throws IOException {
        return RatisSequencer.open(part, follower, RatisSettings.NOTE_ENTRIES);
    }
}
