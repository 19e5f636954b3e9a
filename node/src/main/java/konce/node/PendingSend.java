package konce.node;

import java.util.concurrent.CompletableFuture;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.endpoint.Endpoint;

/// One send of an application, from its call to its outcome.
final class PendingSend implements Sending, EndpointDriver.Command, EventRouter.Settlement {
    private final EndpointDriver driver;
    private final EventRouter router;
    private final EventRouter.Envelope envelope;
    private final SendOptions options;
    private final boolean waiting;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private long ticket = -1;
    private boolean settled;

    /// @param waiting whether nothing but a thread waits for the outcome, so that telling it runs no application's
    /// code
    PendingSend(
            EndpointDriver driver,
            EventRouter router,
            EventRouter.Envelope envelope,
            SendOptions options,
            boolean waiting) {
        this.driver = driver;
        this.router = router;
        this.envelope = envelope;
        this.options = options;
        this.waiting = waiting;
    }

    @Override
    public CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    /// Commands keep their order, so the send has its ticket by then.
    @Override
    public void cancel() {
        driver.execute((endpoint, nowNanos) -> {
            if (!settled) {
                endpoint.cancel(nowNanos, ticket);
            }
        });
    }

    @Override
    public void run(Endpoint endpoint, long nowNanos) {
        ticket = router.send(endpoint, nowNanos, envelope, options, this);
    }

    @Override
    public void abandon(String why) {
        settle(new Outcome.NotSent(why));
    }

    /// On the loop, where an application's code must not run; it waits on its future, so it gets a thread of its
    /// own.
    @Override
    public void settle(Outcome end) {
        settled = true;
        if (waiting) {
            outcome.complete(end);
        } else {
            Thread.startVirtualThread(() -> outcome.complete(end));
        }
    }
}
