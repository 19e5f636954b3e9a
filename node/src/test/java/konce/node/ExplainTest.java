package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.Outcome;
import konce.protocol.PeerOffence;
import konce.protocol.Refusal;
import org.junit.jupiter.api.Test;

class ExplainTest {
    /// Goal: every bad end is told apart from every other, in one line that says what to do after a colon. Method:
    /// all.
    @Test
    void saysWhatToDo() {
        Set<String> lines = new HashSet<>();
        List<ConnectFailure> failures = List.of(
                new ConnectFailure.NoAnswer(),
                new ConnectFailure.NotConfirmed(),
                new ConnectFailure.NoCommonProtocol("handshake 1, session 9"),
                new ConnectFailure.EffortTooHigh(1L << 30, 1L << 24),
                new ConnectFailure.NoAddress(),
                new ConnectFailure.Busy(),
                new ConnectFailure.Refused(3, "no"));
        failures.forEach(failure -> check(lines, Explain.failure(failure)));
        List<CloseReason> reasons = List.of(
                new CloseReason.Local(),
                new CloseReason.Remote(0, "bye"),
                new CloseReason.Remote(PeerOffence.CREDIT_EXCEEDED.code(), ""),
                new CloseReason.Offence(PeerOffence.FRAME_UNKNOWN),
                new CloseReason.Idle(),
                new CloseReason.PeerGone(),
                new CloseReason.KeysExhausted());
        reasons.forEach(reason -> check(lines, Explain.close(reason)));
        for (Refusal refusal : Refusal.values()) {
            check(lines, Explain.outcome(new Outcome.Refused(refusal)));
        }
        check(lines, Explain.outcome(new Outcome.ReplyTooLate(true)));
        check(lines, Explain.outcome(new Outcome.ReplyTooLate(false)));
        check(lines, Explain.outcome(new Outcome.Cancelled()));
        check(lines, Explain.outcome(new Outcome.NotSent("the node is closed")));
        check(lines, Explain.outcome(new Outcome.PeerGone(new CloseReason.Idle())));
        check(lines, Explain.outcome(new Outcome.Delivered()));
        assertEquals(
                "replied with 3 bytes",
                Explain.outcome(new Outcome.Replied(1, MemorySegment.ofArray(new byte[3]), null)));
    }

    private static void check(Set<String> lines, String line) {
        assertTrue(lines.add(line), "said twice: " + line);
        assertTrue(line.contains(": "), line);
        assertFalse(line.contains("\n"), line);
        assertFalse(line.contains("null"), line);
    }
}
