package konce.protocol.endpoint;

/// Arithmetic too long for the loop that owns the endpoint: group operations and puzzles. The driver runs it on any
/// thread, once, and hands it back with [Endpoint#handleJob]. It touches nothing of the endpoint.
public sealed interface Job extends Runnable permits AgreementJob, ClientJob, EncapsulationJob {
    /// What it is for, so that a driver can keep servers' agreements apart from clients' puzzles.
    Kind kind();

    /// Kinds of job.
    enum Kind {
        /// A server's group operations: keep them off the puzzle threads.
        SERVER_AGREEMENT,
        /// A client's group operations.
        CLIENT_AGREEMENT,
        /// A share of a puzzle; ends early when another share is done.
        PUZZLE,
        /// A server's part of a post-quantum exchange.
        SERVER_ENCAPSULATION,
        /// A client's part of one.
        CLIENT_ENCAPSULATION
    }
}
