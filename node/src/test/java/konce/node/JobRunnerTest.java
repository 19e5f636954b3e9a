package konce.node;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// What happens to jobs when a node closes.
final class JobRunnerTest {
    @Test
    void takesNoneAfterItHasStopped() throws Exception {
        JobRunner jobs = new JobRunner(1, 1, job -> {});
        assertTrue(jobs.hasRoom());
        jobs.stop();
        assertFalse(jobs.hasRoom());
        assertTrue(jobs.awaitStopped(1_000_000_000));
    }
}
