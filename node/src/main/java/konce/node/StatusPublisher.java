package konce.node;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import konce.node.store.PrivateFiles;

/// Lets other processes of the same user see what a node does: writes its status to a file each second, and removes the
/// file when closed.
///
/// - shape: `PID.json` in [#directory], mode 0600; a second node of a process is `PID-2.json`. Each writing replaces
/// the
///   file as a whole, so a reader never sees half of it.
/// - threads: one virtual thread
public final class StatusPublisher implements AutoCloseable {
    /// Channels listed at most, the first ones; the statistics count all.
    public static final int CHANNELS_MAX = 10_000;

    static final long PERIOD_MILLIS = 1_000;

    private static final Logger LOG = System.getLogger("konce.node");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Node node;
    private final String role;
    private final Path file;
    private final Path unfinished;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    private StatusPublisher(Node node, String role, Path directory) {
        this.node = node;
        this.role = role;
        int count = COUNTER.incrementAndGet();
        String name = ProcessHandle.current().pid() + (count == 1 ? "" : "-" + count);
        file = directory.resolve(name + ".json");
        unfinished = directory.resolve(name + ".new");
        thread = Thread.ofVirtual().name("konce-status").unstarted(this::run);
    }

    /// Where nodes of this user publish: `$XDG_RUNTIME_DIR/konce`, or `~/.konce/run` where there is none.
    public static Path directory() {
        String runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".konce", "run")
                : Path.of(runtime, "konce");
    }

    /// Begins to publish.
    ///
    /// @param role what people should call this node
    /// @throws IOException when the first status cannot be written
    public static StatusPublisher start(Node node, String role) throws IOException {
        return start(node, role, directory());
    }

    /// Begins to publish in a directory of the caller's choice, for [StatusReader#readAll(Path)].
    public static StatusPublisher start(Node node, String role, Path directory) throws IOException {
        PrivateFiles.createDirectories(directory);
        StatusPublisher publisher = new StatusPublisher(node, role, directory);
        publisher.publish();
        publisher.thread.start();
        return publisher;
    }

    /// The file it writes.
    public Path file() {
        return file;
    }

    /// Stops, and removes the file.
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Writes the status now.
    void publish() throws IOException {
        String text = NodeStatus.of(node, role, System.currentTimeMillis()).toJson();
        try (FileChannel out = PrivateFiles.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void run() {
        try {
            while (!closed.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS) && !node.isClosing()) {
                publish();
            }
        } catch (IOException | IllegalStateException e) {
            if (!node.isClosing()) {
                LOG.log(Level.WARNING, "the status is no longer published", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            remove();
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the status file could not be removed", e);
        }
    }
}
