package konce.protocol.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SentPacketsTest {
    /// Goal: a number can be left out at any moment, also when the table is just full and has to grow. Method:
    /// leave one
    /// out after every count of packets in flight up to some thousand.
    @Test
    void numbersAreLeftOutAtAnyFill() {
        SentPackets sent = new SentPackets();
        for (int i = 0; i < 3_000; i++) {
            long skipped = sent.next();
            sent.skip();
            long number = sent.next();
            sent.onSent(i, 100, true);
            assertTrue(sent.isSkipped(skipped) && !sent.isInFlight(skipped), () -> "number " + skipped);
            assertTrue(sent.isInFlight(number), () -> "number " + number);
        }
        for (int fill = 1; fill < 600; fill++) {
            SentPackets exact = new SentPackets();
            for (int i = 0; i < fill; i++) {
                exact.onSent(i, 100, true);
            }
            exact.skip();
            assertFalse(exact.isInFlight(fill));
            assertEquals(fill + 1, exact.next());
        }
    }
}
