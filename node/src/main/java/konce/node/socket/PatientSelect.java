package konce.node.socket;

import io.netty.channel.SelectStrategy;
import io.netty.util.IntSupplier;
import java.util.function.BooleanSupplier;

/// What a loop does before it sleeps: it looks whether the socket has something, or another thread, as its [Patience]
/// says. Between two looks it lets other threads run.
///
/// A task that only Netty knows of, or a timer, waits for the end of a look at most.
final class PatientSelect implements SelectStrategy {
    private final Patience patience = new Patience();
    private final BooleanSupplier due;

    /// @param due whether something waits for the loop that the socket does not show
    PatientSelect(BooleanSupplier due) {
        this.due = due;
    }

    @Override
    @SuppressWarnings("ThreadPriorityCheck") // nothing relies on it: it is a courtesy to whoever shares the processor
    public int calculateStrategy(IntSupplier selectNow, boolean hasTasks) throws Exception {
        if (hasTasks) {
            return selectNow.get();
        }
        if (patience.begin(System.nanoTime())) {
            do {
                int ready = selectNow.get();
                if (ready > 0 || due.getAsBoolean()) {
                    return ready;
                }
                Thread.yield();
            } while (patience.mayGoOn(System.nanoTime()));
        }
        patience.sleep();
        return SelectStrategy.SELECT;
    }
}
