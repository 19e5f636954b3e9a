package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {
    /// Goal: listeners hear everything in order, also when one fails. Method: 10,000 tasks, every hundredth throws.
    @Test
    void keepsTheOrder() throws Exception {
        EventDispatcher dispatcher = new EventDispatcher();
        List<Integer> heard = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        for (int i = 0; i < 10_000; i++) {
            int number = i;
            dispatcher.dispatch(() -> {
                heard.add(number);
                if (number == 9_999) {
                    done.countDown();
                }
                if (number % 5_000 == 0) {
                    throw new IllegalStateException("a listener that fails");
                }
            });
        }
        done.await();
        assertEquals(IntStream.range(0, 10_000).boxed().toList(), heard);
        assertEquals(0, dispatcher.lost());
    }

    /// Goal: a listener that hangs costs what it would have heard, not the memory. Method: block the first task,
    /// fill the
    /// queue, one more.
    @Test
    void losesWhatAListenerIsTooSlowFor() throws Exception {
        EventDispatcher dispatcher = new EventDispatcher();
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch last = new CountDownLatch(EventDispatcher.TASKS_MAX - 1);
        dispatcher.dispatch(() -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int i = 1; i < EventDispatcher.TASKS_MAX; i++) {
            assertTrue(dispatcher.dispatch(last::countDown));
        }
        assertFalse(dispatcher.dispatch(last::countDown));
        assertEquals(1, dispatcher.lost());
        goOn.countDown();
        last.await();
    }
}
