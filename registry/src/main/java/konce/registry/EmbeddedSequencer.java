package konce.registry;

import java.io.IOException;
import java.util.List;

/// The order on one machine: what is asked for first comes first. There is no log but the chain's own.
///
/// @param follower of this machine
record EmbeddedSequencer(Sequencer.Follower follower) implements Sequencer {
    @Override
    public void order(Batch batch) throws IOException {
        follower.follow(follower.followed() + 1, batch);
    }

    @Override
    public boolean leads() {
        return true;
    }

    @Override
    public Members members() {
        return new Members(List.of(), -1);
    }

    @Override
    public void close() {}
}
