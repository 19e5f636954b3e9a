package konce.node;

import java.util.concurrent.CompletableFuture;
import konce.protocol.Outcome;

/// A send under way.
public interface Sending {
    /// How it ends. Never completes exceptionally.
    CompletableFuture<Outcome> outcome();

    /// Gives it up: unless it has ended, it ends as [Outcome.Cancelled].
    void cancel();
}
