package konce.protocol.endpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import konce.protocol.Address;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// Answers to packets for which nothing is kept: INIT-ACKs and key-change notices, until the driver sends them. A ring
/// made at the start; full means that the packet gets no answer.
///
/// - shape: [#CAPACITY] slots of [Limits#INIT_BYTES] bytes
final class Replies {
    /// As many as a driver may read in one go.
    static final int CAPACITY = 256;

    private final MemorySegment slots = Arena.ofAuto().allocate((long) CAPACITY * Limits.INIT_BYTES);
    private final MemorySegment[] views = new MemorySegment[CAPACITY];
    private final @Nullable Address[] remotes = new Address[CAPACITY];
    private final int[] sizes = new int[CAPACITY];
    private int first;
    private int size;

    Replies() {
        for (int i = 0; i < CAPACITY; i++) {
            views[i] = slots.asSlice((long) i * Limits.INIT_BYTES, Limits.INIT_BYTES);
        }
    }

    boolean isFull() {
        return size == CAPACITY;
    }

    /// Where the next answer is to be written; [#add] makes it count.
    MemorySegment slot() {
        assert !isFull();
        return views[(first + size) % CAPACITY];
    }

    void add(Address remote, int bytes) {
        int slot = (first + size) % CAPACITY;
        remotes[slot] = remote;
        sizes[slot] = bytes;
        size++;
    }

    /// Fills a send with the next answer, and with those behind it that go to the same address and are as long: who
    /// asks
    /// in a burst is answered in one.
    boolean poll(Transmit out) {
        if (size == 0) {
            return false;
        }
        Address remote = Objects.requireNonNull(remotes[first]);
        int each = sizes[first];
        int bytes = 0;
        int most = Math.min(Limits.DATAGRAM_BYTES_MAX, each * Endpoint.SEGMENTS_MAX);
        while (size > 0 && sizes[first] == each && bytes + each <= most && remote.equals(remotes[first])) {
            MemorySegment.copy(views[first], 0, out.buffer(), bytes, each);
            bytes += each;
            first = (first + 1) % CAPACITY;
            size--;
        }
        out.fill(remote, bytes, each);
        return true;
    }

    /// Adds a copy of a packet, unless it is full.
    void offer(Address remote, MemorySegment packet) {
        if (!isFull()) {
            slot().copyFrom(packet);
            add(remote, (int) packet.byteSize());
        }
    }
}
