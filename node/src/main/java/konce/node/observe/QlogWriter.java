package konce.node.observe;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import konce.node.store.PrivateFiles;

/// Writes pieces of files, on a thread of its own, so that whoever has them never waits for a disk.
///
/// - threads: [#offer] from one; [#close] after the last of it
final class QlogWriter implements AutoCloseable {
    /// Pieces that wait for the disk. Full: pieces are refused.
    static final int CHUNKS_MAX = 128;

    private static final long CLOSE_NANOS_MAX = 2_000_000_000L;
    private static final Logger LOG = System.getLogger("konce.node");
    private static final Chunk END = new Chunk("", new byte[0], true);

    /// A piece of a file.
    ///
    /// @param file its name; a new one is made
    /// @param isLast whether the file is to be closed after it
    record Chunk(String file, byte[] bytes, boolean isLast) {}

    private final Path directory;
    private final BlockingQueue<Chunk> chunks = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private final Map<String, FileChannel> open = new HashMap<>();
    private final Thread thread =
            Thread.ofPlatform().daemon(true).name("konce-qlog").unstarted(this::run);
    private final Queue<String> ended = new ConcurrentLinkedQueue<>();
    private boolean failed;

    /// @throws IOException when there is no such directory, and it cannot be made
    QlogWriter(Path directory) throws IOException {
        this.directory = directory;
        PrivateFiles.createDirectories(directory);
    }

    void start() {
        thread.start();
    }

    /// Takes a piece, if there is room.
    boolean offer(Chunk chunk) {
        return chunks.offer(chunk);
    }

    /// Has a file closed whose last piece was refused.
    void end(String file) {
        ended.add(file);
    }

    private void run() {
        try {
            for (Chunk chunk = chunks.take(); !chunk.equals(END); chunk = chunks.take()) {
                write(chunk);
                for (String file = ended.poll(); file != null; file = ended.poll()) {
                    closeFile(file);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.keySet().stream().toList().forEach(this::closeFile);
        }
    }

    private void write(Chunk chunk) {
        if (failed) {
            return;
        }
        try {
            FileChannel file = open.get(chunk.file);
            if (file == null) {
                Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                file = PrivateFiles.open(directory.resolve(chunk.file), options);
                open.put(chunk.file, file);
            }
            for (ByteBuffer rest = ByteBuffer.wrap(chunk.bytes); rest.hasRemaining(); ) {
                file.write(rest);
            }
        } catch (IOException e) {
            failed = true;
            LOG.log(Level.WARNING, "qlog files are no longer written: " + e);
        }
        if (chunk.isLast) {
            closeFile(chunk.file);
        }
    }

    private void closeFile(String name) {
        FileChannel file = open.remove(name);
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the qlog file " + name + " could not be closed", e);
            }
        }
    }

    /// Writes what waits, two seconds at most.
    @Override
    public void close() {
        try {
            if (!chunks.offer(END, CLOSE_NANOS_MAX, TimeUnit.NANOSECONDS)) {
                thread.interrupt();
            }
            thread.join(CLOSE_NANOS_MAX / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
