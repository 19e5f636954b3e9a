package konce.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import konce.names.encoding.Hash;

/// What keeps one order on several machines. It is found by [ServiceLoader], for it brings libraries that a ledger on
/// one machine does without.
public interface SequencerEngine {
    /// One machine's part.
    ///
    /// @param directory for the engine's own files
    /// @param ledger whose order it is
    /// @param members where each machine listens for the others, in the order of the genesis' sequencers
    /// @param self this machine's place among them
    /// @param clockSeconds what o'clock it is here, Unix time
    /// @param say told what an operator should know
    record Part(
            Path directory,
            Hash ledger,
            List<InetSocketAddress> members,
            int self,
            LongSupplier clockSeconds,
            Consumer<String> say) {
        public Part {
            members = List.copyOf(members);
            if (self < 0 || self >= members.size()) {
                throw new IllegalArgumentException("machine " + self + " of " + members.size());
            }
        }
    }

    /// Takes part. It may call the follower before it returns.
    ///
    /// @throws IOException when the engine's files are damaged, or another machine's, or lack what the follower has
    Sequencer open(Part part, Sequencer.Follower follower) throws IOException;

    /// The engine that is there.
    ///
    /// @throws IOException when there is none
    static SequencerEngine find() throws IOException {
        return ServiceLoader.load(SequencerEngine.class)
                .findFirst()
                .orElseThrow(() -> new IOException("the engine that orders on several machines is not here"));
    }
}
