package konce.node;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Set;
import konce.node.store.PrivateFiles;
import konce.protocol.Event;

/// A file of traffic secrets, for looking into captured packets: whoever has it can read everything. Made only where
/// asked for.
///
/// - shape: `LABEL clientRandomHex secretHex`, one a line, appended; the file is readable by its owner alone
final class KeyLog implements AutoCloseable {
    private final BufferedWriter out;

    /// @throws IOException when the file cannot be written, or others may read it
    KeyLog(Path file) throws IOException {
        FileChannel channel = PrivateFiles.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
        out = new BufferedWriter(Channels.newWriter(channel, StandardCharsets.US_ASCII));
    }

    /// Writes a line, and out to the file.
    synchronized void log(Event.SecretDerived secret) {
        try {
            out.write(line(secret));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the key log", e);
        }
    }

    static String line(Event.SecretDerived secret) {
        HexFormat hex = HexFormat.of();
        return secret.label() + " " + hex.formatHex(secret.clientRandom()) + " " + hex.formatHex(secret.secret())
                + "\n";
    }

    @Override
    public synchronized void close() throws IOException {
        out.close();
    }
}
