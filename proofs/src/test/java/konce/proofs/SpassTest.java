package konce.proofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The handshake against an attacker who owns the network, by the theorem prover SPASS. A model names the verdict it
/// must get: "Completion found", nothing follows that must not; or, for a broken twin, "Proof found": here is the
/// attack.
///
/// SPASS is a program of its own (Debian: `spass`). Where it is not installed only the texts of the models are looked
/// at.
final class SpassTest {
    private static final String FOLDER = "spass";
    private static final long SECONDS_MAX = 300;
    private static final Pattern EXPECTED = Pattern.compile("Expected: (Completion|Proof) found\\.");
    private static final Pattern VERDICT = Pattern.compile("SPASS beiseite: (.*)");

    static Stream<Path> models() {
        return Resources.models(FOLDER, ".p").stream().filter(model -> !model.endsWith("common.p"));
    }

    private static String expected(Path model) throws IOException {
        Matcher matcher = EXPECTED.matcher(Files.readString(model));
        assertTrue(matcher.find(), model + " names the verdict it must get");
        return matcher.group(1) + " found.";
    }

    private static boolean isInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "SPASS")));
    }

    // = docs/spec/03-handshake.md R3.2
    /// Goal: secrecy of the first message, nobody in the server's place or the client's, stolen keys on either
    /// side,
    /// forward secrecy, leaked transients, the client's identity, and what ML-KEM adds; and each of their broken
    /// twins is
    /// found out.
    @ParameterizedTest
    @MethodSource("models")
    void everyModelGetsItsVerdict(Path model) throws IOException, InterruptedException {
        Assumptions.assumeTrue(isInstalled(), "SPASS is not installed (Debian: apt install spass)");
        String output = Resources.run(
                Resources.folder(FOLDER),
                SECONDS_MAX,
                List.of(
                        "SPASS",
                        "-TPTP",
                        "-TimeLimit=" + SECONDS_MAX,
                        model.getFileName().toString()));
        Matcher verdict = VERDICT.matcher(output);
        assertTrue(verdict.find(), output);
        System.out.println(model.getFileName() + ": " + verdict.group(1));
        assertEquals(expected(model), verdict.group(1));
    }

    /// Goal: no model without a broken twin. Method: a twin's name begins with its model's.
    @Test
    void everyModelHasABrokenTwin() throws IOException {
        List<Path> all = models().toList();
        for (Path model : all) {
            String name = model.getFileName().toString().replace(".p", "");
            if (expected(model).startsWith("Completion")) {
                assertTrue(
                        all.stream()
                                .anyMatch(
                                        other -> other.getFileName().toString().startsWith(name + "-")),
                        name + " has a broken twin");
            }
        }
    }
}
