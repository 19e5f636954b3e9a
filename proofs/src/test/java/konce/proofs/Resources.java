package konce.proofs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The models as files, and the programs that read them.
final class Resources {
    private Resources() {}

    /// The folder of one kind of model.
    static Path folder(String name) {
        try {
            return Path.of(Objects.requireNonNull(Resources.class.getResource("/" + name))
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The models in it, by their file's ending.
    static List<Path> models(String folder, String ending) {
        try (Stream<Path> files = Files.list(folder(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a program in a folder and gives all it says.
    ///
    /// @throws IllegalStateException when it takes longer than `secondsMax`
    static String run(Path folder, long secondsMax, List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("konce-proof", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(command + " took longer than " + secondsMax + " s");
            }
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            Files.delete(output);
        }
    }
}
