package konce.cli.store;

import java.nio.file.Path;
import java.util.Map;

/// The directory in which one user's identities and names are.
///
/// @param directory `KONCE_HOME`, or `.konce` in the user's home directory
public record Home(Path directory) {
    /// The home these environment variables name.
    public static Home of(Map<String, String> environment) {
        String named = environment.getOrDefault("KONCE_HOME", "");
        return new Home(
                named.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".konce")
                        : Path.of(named).toAbsolutePath());
    }

    /// Where the identities are, a file each.
    public Path identities() {
        return directory.resolve("identities");
    }

    /// Where the private groups are, a file each.
    public Path groups() {
        return directory.resolve("groups");
    }

    /// The petname book.
    public Path petnames() {
        return directory.resolve("petnames");
    }
}
