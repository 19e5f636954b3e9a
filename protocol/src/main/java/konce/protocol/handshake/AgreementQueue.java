package konce.protocol.handshake;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.Consumer;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// Agreements that wait for a thread: the highest bid first, the oldest first among equals. When it is full the lower
/// half goes.
///
/// - shape: a binary heap of at most [Limits#AGREEMENTS_PENDING_MAX]
/// - source: docs/spec/03-handshake.md, section 12
final class AgreementQueue {
    private static final Comparator<ServerAgreement> FIRST =
            Comparator.comparingLong(ServerAgreement::bid).reversed().thenComparingLong(ServerAgreement::order);

    private final @Nullable ServerAgreement[] heap = new ServerAgreement[Limits.AGREEMENTS_PENDING_MAX];
    private final Consumer<ServerAgreement> trimmed;
    private int size;

    /// @param trimmed takes those that go
    AgreementQueue(Consumer<ServerAgreement> trimmed) {
        this.trimmed = trimmed;
    }

    // = docs/spec/03-handshake.md R3.23
    void add(ServerAgreement agreement) {
        if (size == heap.length) {
            trim();
        }
        int i = size++;
        while (i > 0 && FIRST.compare(agreement, at((i - 1) / 2)) < 0) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = agreement;
    }

    @Nullable
    ServerAgreement poll() {
        if (size == 0) {
            return null;
        }
        ServerAgreement first = at(0);
        ServerAgreement last = at(--size);
        heap[size] = null;
        if (size > 0) {
            siftDown(last);
        }
        return first;
    }

    private void siftDown(ServerAgreement agreement) {
        int i = 0;
        for (int child = 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && FIRST.compare(at(child + 1), at(child)) < 0) {
                child++;
            }
            if (FIRST.compare(agreement, at(child)) <= 0) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = agreement;
    }

    /// Sorted best first, an array is a heap.
    private void trim() {
        Arrays.sort(heap, 0, size, FIRST);
        for (int i = size / 2; i < size; i++) {
            trimmed.accept(at(i));
            heap[i] = null;
        }
        size /= 2;
    }

    private ServerAgreement at(int i) {
        return requireNonNull(heap[i]);
    }
}
