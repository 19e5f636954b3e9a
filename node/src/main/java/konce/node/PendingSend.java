package konce.node;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Event;
import konce.node.observe.Flight;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/// One send of an application, from its call to its outcome. Its future is made when somebody asks for it: most replies
/// are sent by handlers that do not look back.
final class PendingSend implements Sending, EndpointDriver.Command, EventRouter.Settlement {
    /// Where the outcome is told.
    enum Teller {
        /// On the loop: nothing but a thread waits for it, or code that has promised not to block.
        LOOP,
        /// On a thread of its own, since an application's code may do as it likes there.
        OWN_THREAD
    }

    private final EndpointDriver driver;
    private final EventRouter router;
    private final EventRouter.Envelope envelope;
    private final SendOptions options;
    private final Teller teller;
    private final SendRoom.@Nullable Place place;
    private final AtomicReference<@Nullable CompletableFuture<Outcome>> outcome = new AtomicReference<>();
    private final @Nullable Event recorded;
    private long ticket = -1;
    private boolean settled;

    /// @param place its room, which it leaves when it ends; null: it has none
    PendingSend(
            EndpointDriver driver,
            EventRouter router,
            EventRouter.Envelope envelope,
            SendOptions options,
            Teller teller,
            SendRoom.@Nullable Place place) {
        this.driver = driver;
        this.router = router;
        this.envelope = envelope;
        this.options = options;
        this.teller = teller;
        this.place = place;
        recorded =
                router.flight().sending(envelope.handler(), envelope.payload().byteSize());
    }

    @Override
    public CompletableFuture<Outcome> outcome() {
        CompletableFuture<Outcome> known = outcome.get();
        if (known == null) {
            outcome.compareAndSet(null, new CompletableFuture<>());
            known = outcome.get();
        }
        return requireNonNull(known);
    }

    @Override
    public void cancel() {
        driver.executeHere((endpoint, nowNanos) -> {
            if (settled) {
                return;
            }
            if (ticket < 0) {
                // cancelled on the loop, before what was sent elsewhere came there
                settle(new Outcome.Cancelled());
            } else {
                endpoint.cancel(nowNanos, ticket);
            }
        });
    }

    @Override
    public void run(Endpoint endpoint, long nowNanos) {
        if (!settled) {
            ticket = router.send(endpoint, nowNanos, envelope, options, this);
        }
    }

    @Override
    public void abandon(String why) {
        settle(new Outcome.NotSent(why));
    }

    @Override
    public void settle(Outcome end) {
        assert !settled : "a send ends once";
        settled = true;
        if (recorded != null) {
            Flight.sent(recorded, end);
        }
        if (place != null) {
            place.leave();
        }
        if (outcome.compareAndSet(null, CompletableFuture.completedFuture(end))) {
            return;
        }
        CompletableFuture<Outcome> asked = requireNonNull(outcome.get());
        switch (teller) {
            case LOOP -> asked.complete(end);
            case OWN_THREAD -> router.begin(() -> asked.complete(end));
        }
    }
}
