package konce.node;

import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.jspecify.annotations.Nullable;

/// Takes what applications send to the loop, as soon as there is room for it.
///
/// - threads: any
final class Sender {
    /// Bytes in each of two rooms; what the endpoint takes beyond that is the streams'.
    static final long ROOM_BYTES = Limits.SENDS_OPEN_BYTES_MAX / 8 * 3;

    private final EndpointDriver driver;
    private final EventRouter router;
    private final SendRoom toPeers = new SendRoom(ROOM_BYTES);
    private final SendRoom onChannels = new SendRoom(ROOM_BYTES);
    private volatile boolean closed;

    Sender(EndpointDriver driver, EventRouter router) {
        this.driver = driver;
        this.router = router;
    }

    /// Sends; before that it waits for room, where the caller is not on the loop. What cannot be sent has ended
    /// when
    /// this returns.
    PendingSend start(EventRouter.Envelope envelope, SendOptions options, PendingSend.Teller teller) {
        SendRoom.Place place = null;
        Outcome objection = null;
        try {
            place = closed ? null : findPlace(envelope);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            objection = new Outcome.Cancelled();
        }
        PendingSend send = new PendingSend(driver, router, envelope, options, teller, place);
        if (place != null) {
            driver.executeHere(send);
        } else if (objection != null) {
            send.settle(objection);
        } else {
            send.abandon(closed ? EndpointDriver.CLOSED : "too much is on its way already, and a loop never waits");
        }
        return send;
    }

    /// Lets go whoever waits. Nothing is sent any more.
    void close() {
        closed = true;
        toPeers.close();
        onChannels.close();
    }

    private SendRoom.@Nullable Place findPlace(EventRouter.Envelope envelope) throws InterruptedException {
        long bytes = envelope.payload().byteSize();
        return switch (envelope.target()) {
            case Target.Peer peer -> enter(toPeers, peer.key(), bytes);
            case Target.Channel(long number) -> enter(onChannels, number, bytes);
        };
    }

    private SendRoom.@Nullable Place enter(SendRoom room, Object destination, long bytes) throws InterruptedException {
        return driver.isOnLoop() ? room.tryEnter(destination, bytes) : room.enter(destination, bytes);
    }
}
