package konce.node;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.Event;
import konce.node.observe.Flight;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// How much applications may have sent that has not ended. Whoever finds no room waits, as for a queue that is full,
/// and
/// goes on when something ended: the first that came first.
///
/// One destination gets at most an [#SHARES]th of what is free, so that however many peers take nothing, others find
/// room.
///
/// - unit: bytes; a send costs its payload and [#SEND_BYTES]
/// - threads: any
final class SendRoom {
    /// What is free divided by this is what one destination may take.
    static final int SHARES = 8;

    /// What a send costs beside its payload: so the endpoint's room for sends is never full before that for bytes.
    static final long SEND_BYTES = Limits.SENDS_OPEN_BYTES_MAX / Limits.SENDS_OPEN_MAX;

    private final long bytesMax;
    private final AtomicLong used = new AtomicLong();
    private final Map<Object, Account> accounts = new ConcurrentHashMap<>();
    private final Map<Account, ArrayDeque<Waiter>> waiting = new LinkedHashMap<>();
    private volatile boolean anybodyWaits;
    private boolean closed;

    /// @param bytesMax how much there is
    SendRoom(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// One destination's part.
    private static final class Account {
        private final Object destination;
        private final AtomicLong used = new AtomicLong();
        private final AtomicInteger waiting = new AtomicInteger();

        Account(Object destination) {
            this.destination = destination;
        }
    }

    /// Somebody who waits for room.
    private static final class Waiter {
        private final Place place;
        private final CountDownLatch told = new CountDownLatch(1);
        private boolean admitted;

        Waiter(Place place) {
            this.place = place;
        }
    }

    /// The room that one send has.
    final class Place {
        private final Account account;
        private final long cost;

        private Place(Account account, long cost) {
            this.account = account;
            this.cost = cost;
        }

        /// The send has ended. Once.
        void leave() {
            used.addAndGet(-cost);
            if (account.used.addAndGet(-cost) == 0) {
                // Who enters at this very moment opens another account: for once there are two.
                accounts.remove(account.destination, account);
            }
            if (anybodyWaits) {
                admit();
            }
        }
    }

    /// Room for a send, if there is any now.
    ///
    /// @return null when there is none
    @Nullable
    Place tryEnter(Object destination, long payloadBytes) {
        Place place = place(destination, payloadBytes);
        return place.account.waiting.get() == 0 && take(place) ? place : null;
    }

    /// Room for a send, as soon as there is any.
    ///
    /// @return null when it was closed before
    @Nullable
    Place enter(Object destination, long payloadBytes) throws InterruptedException {
        Place place = tryEnter(destination, payloadBytes);
        if (place != null) {
            return place;
        }
        Waiter waiter = new Waiter(place(destination, payloadBytes));
        queue(waiter);
        Event waiting = Flight.waiting();
        try {
            waiter.told.await();
        } catch (InterruptedException e) {
            if (giveUp(waiter)) {
                waiter.place.leave();
            }
            throw e;
        } finally {
            Flight.waited(waiting, payloadBytes);
        }
        return isAdmitted(waiter) ? waiter.place : null;
    }

    /// Lets everybody go who waits, in vain.
    synchronized void close() {
        closed = true;
        waiting.values().forEach(queue -> queue.forEach(waiter -> waiter.told.countDown()));
        waiting.clear();
        anybodyWaits = false;
    }

    /// Who waits for room.
    synchronized int waiters() {
        return waiting.values().stream().mapToInt(ArrayDeque::size).sum();
    }

    /// A payload that no endpoint takes costs as much as the largest it takes: it is the endpoint that refuses it.
    private Place place(Object destination, long payloadBytes) {
        long cost = Math.min(payloadBytes, Limits.MESSAGE_BYTES_MAX) + SEND_BYTES;
        return new Place(accounts.computeIfAbsent(destination, Account::new), cost);
    }

    private boolean take(Place place) {
        long free = bytesMax - used.getAndAdd(place.cost);
        long mine = place.account.used.get();
        boolean fits = place.cost <= free && (mine == 0 || mine + place.cost <= free / SHARES);
        if (fits) {
            // Several threads may pass the share at once, by a send each; all of it together nobody passes.
            place.account.used.addAndGet(place.cost);
        } else {
            used.addAndGet(-place.cost);
        }
        return fits;
    }

    private synchronized void queue(Waiter waiter) {
        if (closed) {
            waiter.told.countDown();
            return;
        }
        Account account = waiter.place.account;
        waiting.computeIfAbsent(account, _ -> new ArrayDeque<>()).add(waiter);
        account.waiting.incrementAndGet();
        anybodyWaits = true;
        // What left before it could see that somebody waits is seen here.
        admit();
    }

    private synchronized void admit() {
        waiting.values().removeIf(queue -> {
            Waiter first = queue.peek();
            while (first != null && take(first.place)) {
                queue.poll();
                first.place.account.waiting.decrementAndGet();
                first.admitted = true;
                first.told.countDown();
                first = queue.peek();
            }
            return first == null;
        });
        anybodyWaits = !waiting.isEmpty();
    }

    private synchronized boolean isAdmitted(Waiter waiter) {
        return waiter.admitted;
    }

    /// @return whether it has been admitted already
    private synchronized boolean giveUp(Waiter waiter) {
        Account account = waiter.place.account;
        ArrayDeque<Waiter> queue = waiting.get(account);
        if (queue != null && queue.remove(waiter)) {
            account.waiting.decrementAndGet();
            if (queue.isEmpty()) {
                waiting.remove(account);
                anybodyWaits = !waiting.isEmpty();
            }
        }
        return waiter.admitted;
    }
}
