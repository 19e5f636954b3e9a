package konce.bench.peer;

/// Sends small requests over one connection; each is answered by as many bytes.
public interface Requests {
    /// Bytes of a request, and of its reply.
    int REQUEST_BYTES = 64;

    /// Sends one. The end is told once, on any thread, also from inside this call; that thread may send the next.
    void request(Reply reply);

    /// Who waits for a reply.
    interface Reply {
        void arrived();

        void failed(Throwable why);
    }

    /// Does something after the reply.
    record LastReply(Reply reply, Runnable then) implements Reply {
        @Override
        public void arrived() {
            reply.arrived();
            then.run();
        }

        @Override
        public void failed(Throwable why) {
            reply.failed(why);
            then.run();
        }
    }

    /// What many of them came to.
    ///
    /// @param requests answered
    /// @param nanos it took
    /// @param p50Nanos the latency that half of them stay below; and so on
    record Answered(long requests, long nanos, long p50Nanos, long p99Nanos, long p999Nanos) {}
}
