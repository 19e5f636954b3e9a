package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import konce.protocol.Limits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SendRoomTest {
    private static final int SENDS = 64;

    private final SendRoom room = new SendRoom(SENDS * SendRoom.SEND_BYTES);

    /// Starts to enter on a thread of its own, and returns once it waits.
    private FutureTask<SendRoom.Place> enterAndWait(Object destination) {
        int waiters = room.waiters();
        FutureTask<SendRoom.Place> entered = new FutureTask<>(() -> room.enter(destination, 0));
        Thread.ofVirtual().start(entered);
        while (room.waiters() == waiters) {
            Thread.onSpinWait();
        }
        return entered;
    }

    private List<SendRoom.Place> fill(Object destination) {
        List<SendRoom.Place> places = new ArrayList<>();
        for (SendRoom.Place place = room.tryEnter(destination, 0);
                place != null;
                place = room.tryEnter(destination, 0)) {
            places.add(place);
        }
        return places;
    }

    /// Goal: nobody who sends to a peer that takes nothing can fill the room for others. Method: 64 destinations
    /// take
    /// what they get; each gets something, the first an eighth.
    @Test
    void leavesRoomForOthers() {
        assertEquals(SENDS / SendRoom.SHARES, fill("peer 0").size() + 1, "the last of the eighth is no longer free");
        int all = 7;
        for (int i = 1; all < SENDS; i++) {
            int more = fill("peer " + i).size();
            assertEquals(true, more >= 1, "peer " + i + " got nothing although " + (SENDS - all) + " were free");
            all += more;
        }
        assertNull(room.tryEnter("peer too many", 0));
    }

    /// Goal: who finds no room waits until there is some, the first that came first. Method: fill a share, two
    /// wait,
    /// two leave.
    @Test
    void letsThoseInThatWaitInOrder() throws Exception {
        List<SendRoom.Place> places = fill("peer");
        FutureTask<SendRoom.Place> first = enterAndWait("peer");
        FutureTask<SendRoom.Place> second = enterAndWait("peer");
        SendRoom.Place other = room.tryEnter("another", 0);
        assertNotNull(other, "others do not wait for it");
        other.leave();
        places.get(0).leave();
        assertNotNull(first.get());
        assertEquals(1, room.waiters());
        places.get(1).leave();
        assertNotNull(second.get());
        assertNull(room.tryEnter("peer", 0), "as full as before");
    }

    /// Goal: room that opens for one because another destination left is given. Method: all is taken by many; one
    /// that
    /// has nothing waits; somebody else's send ends.
    @Test
    void noticesRoomThatOthersLeave() throws Exception {
        List<SendRoom.Place> places = new ArrayList<>();
        for (int i = 0; places.size() < SENDS; i++) {
            List<SendRoom.Place> more = fill("peer " + i);
            assertFalse(more.isEmpty(), "there is room, but not for peer " + i);
            places.addAll(more);
        }
        FutureTask<SendRoom.Place> waiting = enterAndWait("newcomer");
        places.getFirst().leave();
        assertNotNull(waiting.get());
    }

    /// Goal: nobody waits for ever. Method: one is interrupted, one is told that it closed, one comes afterwards.
    @Test
    void letsWaitersGo() throws Exception {
        fill("peer");
        Thread[] thread = new Thread[1];
        FutureTask<SendRoom.Place> interrupted = new FutureTask<>(() -> {
            thread[0] = Thread.currentThread();
            return room.enter("peer", 0);
        });
        Thread.ofVirtual().start(interrupted);
        while (room.waiters() == 0) {
            Thread.onSpinWait();
        }
        thread[0].interrupt();
        assertThrows(ExecutionException.class, interrupted::get);
        assertEquals(0, room.waiters());
        FutureTask<SendRoom.Place> closed = enterAndWait("peer");
        room.close();
        assertNull(closed.get());
        assertNull(room.enter("peer", 0), "closed already");
    }

    /// Goal: what is larger than all the room is let through when there is nothing else, since it is the endpoint's
    /// to
    /// refuse. Method: a payload of a terabyte beside nothing.
    @Test
    void letsTheEndpointRefuse() {
        SendRoom large = new SendRoom(Limits.SENDS_OPEN_BYTES_MAX);
        assertNotNull(large.tryEnter("peer", 1L << 40));
    }
}
