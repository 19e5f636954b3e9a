package konce.node;

import java.io.IOException;
import konce.protocol.Outcome;

/// A blocking send that ended without what was asked for. Its message is for people.
public final class SendException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Outcome outcome;

    SendException(Outcome outcome) {
        super(Explain.outcome(outcome));
        this.outcome = outcome;
    }

    /// What happened, for programs.
    public Outcome outcome() {
        return outcome;
    }
}
