package konce.cli.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import konce.names.PetnameBook;
import konce.names.PetnameException;
import konce.node.store.AtomicFile;

/// The petname book on disk.
///
/// @param home where it is
public record PetnameFile(Home home) {
    /// The book; an empty one where there is none yet.
    ///
    /// @throws StoreException when it cannot be understood, with the line
    public PetnameBook load() throws IOException, StoreException {
        Path file = home.petnames();
        if (!Files.exists(file)) {
            return PetnameBook.EMPTY;
        }
        if (Files.size(file) > 4L * PetnameBook.BOOK_CHARS_MAX) { // four bytes a character at most
            throw StoreException.mistake("the petname book " + file + " is too large to be one");
        }
        try {
            return PetnameBook.parse(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw StoreException.mistake("the petname book " + file + " is not UTF-8 text; mend it in an editor");
        } catch (PetnameException e) {
            throw StoreException.mistake("the petname book " + file + ", " + e.getMessage() + "; mend it in an editor");
        }
    }

    /// Puts a changed book in place of the one there is. Two changes at once come one after the other, and none is
    /// lost.
    ///
    /// @param change whatever it throws, the book is as it was
    public void change(UnaryOperator<PetnameBook> change) throws IOException, StoreException {
        try (FileChannel lock = AtomicFile.openLock(home.petnames().resolveSibling(".petnames.lock"));
                FileLock _ = lock.lock()) {
            PetnameBook book = change.apply(load());
            AtomicFile.replace(home.petnames(), ByteBuffer.wrap(book.format().getBytes(StandardCharsets.UTF_8)));
        }
    }
}
