package konce.protocol.endpoint;

import konce.protocol.handshake.ClientHandshake;

/// Group operations of a client, or a share of its puzzle.
///
/// @param channel whose handshake it is for
record ClientJob(long channel, Runnable body) implements Job {
    @Override
    public Kind kind() {
        return ClientHandshake.isPuzzle(body) ? Kind.PUZZLE : Kind.CLIENT_AGREEMENT;
    }

    @Override
    public void run() {
        body.run();
    }
}
