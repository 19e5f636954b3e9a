package konce.node;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import konce.protocol.Address;
import org.jspecify.annotations.Nullable;

/// How much of applications' code may run at once for what peers send. What comes from one address gets at most an
/// [#SHARES]th of what is free, whatever channels and identities it comes under: who demands without measure is told
/// that the node is busy, and everybody else finds room.
///
/// - unit: handlers that have not returned
/// - threads: one enters; any leaves
/// - source: docs/decisions/handlers-by-shares.md
final class HandlerRoom {
    /// What is free divided by this is what one address may take.
    static final int SHARES = 8;

    private final int runningMax;
    private final AtomicInteger running = new AtomicInteger();
    private final Map<Address, AtomicInteger> byRemote = new ConcurrentHashMap<>();

    /// @param runningMax how many there may be in all
    HandlerRoom(int runningMax) {
        this.runningMax = runningMax;
    }

    int running() {
        return running.get();
    }

    /// Addresses that something runs for.
    int remotes() {
        return byRemote.size();
    }

    /// Takes room for one more.
    ///
    /// @param remote for whom; null: nobody any more
    /// @return whether there was any
    boolean tryEnter(@Nullable Address remote) {
        int free = runningMax - running.get();
        if (free <= 0) {
            return false;
        }
        if (remote != null) {
            AtomicInteger own = byRemote.get(remote);
            if (own != null && own.get() > 0 && own.get() >= free / SHARES) {
                return false;
            }
            byRemote.compute(remote, (_, count) -> count(count, 1));
        }
        running.incrementAndGet();
        return true;
    }

    /// One has returned.
    ///
    /// @param remote as it entered
    void leave(@Nullable Address remote) {
        running.decrementAndGet();
        if (remote != null) {
            byRemote.compute(remote, (_, count) -> count(count, -1));
        }
    }

    private static @Nullable AtomicInteger count(@Nullable AtomicInteger count, int more) {
        AtomicInteger counted = count == null ? new AtomicInteger() : count;
        return counted.addAndGet(more) == 0 ? null : counted;
    }
}
