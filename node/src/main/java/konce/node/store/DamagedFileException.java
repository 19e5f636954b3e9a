package konce.node.store;

import java.io.IOException;
import java.nio.file.Path;

/// A file that is not what was written.
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedFileException(Path file) {
        super(file + " is damaged");
    }
}
