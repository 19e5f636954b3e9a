package konce.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// libsodium's shared library for this platform, carried as a resource and loaded from a private temporary folder.
///
/// - shape: `natives/<platform>/<file>` beside this class; the copy is deleted again as soon as it is loaded, or, where
///   the system keeps loaded files undeletable (Windows), by the next process that starts
/// - error: [UnsupportedOperationException] names a platform that has no library; [UnsatisfiedLinkError] one that
///   could not be loaded
final class NativeLibrary {
    private static final String FOLDER_PREFIX = "konce-natives-";

    private NativeLibrary() {}

    /// Loads the library for good: it stays until the process ends.
    static SymbolLookup load() {
        String resource = resource(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        @Nullable RuntimeException first = null;
        for (Path parent : new Path[] {
            Path.of(System.getProperty("java.io.tmpdir", ".")), Path.of(System.getProperty("user.home", "."), ".cache")
        }) {
            try {
                return loadFrom(parent, resource);
            } catch (IOException e) {
                first = first == null ? new UncheckedIOException(e) : first;
            } catch (IllegalArgumentException e) { // found but not loadable, e.g. a file system mounted noexec
                first = first == null ? e : first;
            }
        }
        UnsatisfiedLinkError error = new UnsatisfiedLinkError("libsodium could not be loaded as " + resource
                + ", neither from the temporary folder nor from ~/.cache");
        error.initCause(first);
        throw error;
    }

    /// Which resource serves an operating system and a processor, by the JDK's names for them.
    static String resource(String osName, String osArch) {
        String os = osName.toLowerCase(Locale.ROOT);
        boolean arm = osArch.equals("aarch64") || osArch.equals("arm64");
        boolean intel = osArch.equals("amd64") || osArch.equals("x86_64");
        if (os.startsWith("linux") && intel) {
            return "natives/linux64/libsodium.so";
        }
        if (os.startsWith("linux") && arm) {
            return "natives/arm64/libsodium.so";
        }
        if (os.startsWith("mac") && intel) {
            return "natives/mac/libsodium.dylib";
        }
        if (os.startsWith("mac") && arm) {
            return "natives/mac_arm/libsodium.dylib";
        }
        if (os.startsWith("windows") && intel) {
            return "natives/windows64/libsodium.dll";
        }
        throw new UnsupportedOperationException("no libsodium for " + osName + " on " + osArch
                + "; there is one for Linux and macOS on amd64 and aarch64, and for Windows on amd64");
    }

    @SuppressWarnings("restricted")
    private static SymbolLookup loadFrom(Path parent, String resource) throws IOException {
        Files.createDirectories(parent);
        sweep(parent);
        Path folder = Files.createTempDirectory(parent, FOLDER_PREFIX); // readable by its owner only
        Path file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
        try (InputStream in = NativeLibrary.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is missing from this build");
            }
            Files.copy(in, file);
            return SymbolLookup.libraryLookup(file, Arena.global());
        } finally {
            delete(folder);
        }
    }

    /// Removes what earlier processes could not. A folder whose library is still loaded somewhere refuses and
    /// stays.
    private static void sweep(Path parent) throws IOException {
        if (!System.getProperty("os.name", "").startsWith("Windows")) {
            return;
        }
        try (DirectoryStream<Path> old = Files.newDirectoryStream(parent, FOLDER_PREFIX + "*")) {
            for (Path folder : old) {
                delete(folder);
            }
        }
    }

    private static void delete(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException _) {
            // In use, which only Windows knows: the next process sweeps it.
        }
    }
}
