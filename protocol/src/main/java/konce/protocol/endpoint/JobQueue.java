package konce.protocol.endpoint;

import java.util.ArrayDeque;
import konce.protocol.handshake.ClientHandshake;
import org.jspecify.annotations.Nullable;

/// Jobs that the driver has yet to take. Each kind has its limit where it is made.
final class JobQueue {
    private final ArrayDeque<Job> jobs = new ArrayDeque<>();

    JobQueue() {}

    void add(Job job) {
        jobs.add(job);
    }

    /// Takes what a channel wants computed.
    void collect(Channel channel) {
        ClientHandshake handshake = channel.handshake();
        if (handshake != null) {
            for (Runnable body = handshake.pollJob(); body != null; body = handshake.pollJob()) {
                jobs.add(new ClientJob(channel.number(), body));
            }
        }
        EncapsulationJob step = channel.packets().renewal().pollJob();
        if (step != null) {
            jobs.add(step);
        }
    }

    /// The next; null when there is none.
    @Nullable
    Job poll() {
        return jobs.poll();
    }
}
