package konce.cli.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/// A path inside a served directory, as names.
///
/// - source: docs/spec/11-files.md, section 1
///
/// @param names from the served directory down; none: the directory itself
record FilePath(List<String> names) {
    /// Names that start so are the server's own.
    static final String RESERVED_PREFIX = ".konce";

    FilePath {
        names = List.copyOf(names);
    }

    /// Reads a path.
    ///
    /// @throws FileException when it is not allowed, saying why
    static FilePath parse(String text) throws FileException {
        if (text.isEmpty()) {
            return new FilePath(List.of());
        }
        // = docs/spec/11-files.md R11.1
        if (text.getBytes(StandardCharsets.UTF_8).length > FileLimits.PATH_BYTES_MAX) {
            throw bad("the path is longer than " + FileLimits.PATH_BYTES_MAX + " bytes");
        }
        if (text.startsWith("/")) {
            throw bad("the path is not relative");
        }
        List<String> names = List.of(text.split("/", -1));
        if (names.size() > FileLimits.PATH_NAMES_MAX) {
            throw bad("the path has more than " + FileLimits.PATH_NAMES_MAX + " names");
        }
        for (String name : names) {
            checkName(name);
        }
        return new FilePath(names);
    }

    // = docs/spec/11-files.md R11.2
    private static void checkName(String name) throws FileException {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw bad("the path has a name that is empty, . or ..");
        }
        if (name.startsWith(RESERVED_PREFIX)) {
            throw bad("names that start with " + RESERVED_PREFIX + " are the server's own");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (Character.isISOControl(c) || c == '\\' || c == ':') {
                throw bad("the path has a control character, a backslash or a colon in it");
            }
        }
    }

    /// Whether a name found on disk can be asked for.
    static boolean isServable(String name) {
        try {
            checkName(name);
            return true;
        } catch (FileException e) {
            return false;
        }
    }

    /// Where this is under `root`, after making sure that nothing on the way is a symbolic link. The last name need
    /// not
    /// be there.
    ///
    /// @throws FileException when something on the way is a link, or no directory
    Path under(Path root) throws IOException {
        Path at = root;
        for (int i = 0; i < names.size(); i++) {
            at = child(at, names.get(i));
            boolean last = i == names.size() - 1;
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                if (last) {
                    return at;
                }
                throw new FileException(Problem.NOT_FOUND, "there is no directory " + shown(i + 1));
            }
            // = docs/spec/11-files.md R11.3
            BasicFileAttributes attributes =
                    Files.readAttributes(at, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isSymbolicLink() || attributes.isOther()) {
                throw new FileException(Problem.NOT_ALLOWED, shown(i + 1) + " is neither a file nor a directory");
            }
            if (!last && !attributes.isDirectory()) {
                throw new FileException(Problem.NOT_FOUND, shown(i + 1) + " is no directory");
            }
        }
        return at;
    }

    private static Path child(Path directory, String name) throws FileException {
        try {
            Path child = directory.resolve(name);
            if (!directory.equals(child.getParent())) {
                throw bad("the path is not one of this system");
            }
            return child;
        } catch (InvalidPathException e) {
            throw bad("the path is not one of this system");
        }
    }

    private String shown(int names) {
        return String.join("/", this.names.subList(0, names));
    }

    private static FileException bad(String why) {
        return new FileException(Problem.BAD_PATH, why);
    }

    @Override
    public String toString() {
        return String.join("/", names);
    }
}
