package konce.cli;

import java.io.IOException;
import java.nio.file.Path;
import konce.cli.store.Home;
import konce.node.Node;
import konce.node.StatusPublisher;
import org.jspecify.annotations.Nullable;

/// Lets `konce show` see a node of this command, until it is closed. A node that cannot be seen still runs.
///
/// @param publisher null: the status cannot be written
record Publishing(@Nullable StatusPublisher publisher) implements AutoCloseable {
    /// Begins to publish.
    ///
    /// @param role what the node does, for people
    static Publishing start(Terminal terminal, Node node, String role) {
        try {
            return new Publishing(StatusPublisher.start(node, role, directory(terminal)));
        } catch (IOException e) {
            terminal.err().println("'konce show' cannot show this node: " + e.getMessage());
            return new Publishing(null);
        }
    }

    /// Where nodes of this user publish: with `KONCE_HOME` set, below it, so that homes stay apart.
    static Path directory(Terminal terminal) {
        return terminal.environment().getOrDefault("KONCE_HOME", "").isEmpty()
                ? StatusPublisher.directory()
                : Home.of(terminal.environment()).directory().resolve("run");
    }

    @Override
    public void close() {
        if (publisher != null) {
            publisher.close();
        }
    }
}
