package konce.proofs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// State and order, by the model checker TLC: every state that a small world can reach. A model is one module with a
/// constant Variant; "true" is the protocol, every other value breaks one rule and must violate the property named.
final class TlcTest {
    private static final long SECONDS_MAX = 300;
    private static final String HANDSHAKE =
            "Addresses = {1, 2, 3} Own = {1} SequencesMax = 4|StateOnlyForProven NoAmplification OneUse|";
    private static final String RESTART = "Processes = 3 EchoesMax = 4|AtMostOnce NeverForNothing|";
    private static final String CHANNEL = "Messages = {1, 2}|AtMostOnce SettledOnce NothingBeforeOpen|AllSettle";

    @TempDir
    private Path scratch;

    private String check(String model, String variant) throws IOException, InterruptedException {
        String world = switch (model) {
            case "Handshake" -> HANDSHAKE;
            case "Restart" -> RESTART;
            default -> CHANNEL;
        };
        String[] parts = world.split("\\|", -1);
        Files.copy(Resources.folder("tlc").resolve(model + ".tla"), scratch.resolve(model + ".tla"));
        Files.writeString(
                scratch.resolve("model.cfg"),
                "SPECIFICATION Spec\nCONSTANTS " + parts[0] + " Variant = \"" + variant + "\"\nINVARIANTS " + parts[1]
                        + (parts[2].isEmpty() ? "" : "\nPROPERTIES " + parts[2]) + "\n");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return Resources.run(
                scratch,
                SECONDS_MAX,
                List.of(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "tlc2.TLC",
                        "-workers",
                        "1",
                        "-deadlock",
                        "-config",
                        "model.cfg",
                        model + ".tla"));
    }

    // = docs/spec/03-handshake.md R3.4
    // = docs/spec/03-handshake.md R3.6
    // = docs/spec/03-handshake.md R3.18
    // = docs/spec/03-handshake.md R3.21
    // = docs/spec/03-handshake.md R3.32
    // = docs/spec/07-messages.md R7.1
    // = docs/spec/07-messages.md R7.3
    /// Goal: nothing is kept before address and work, nothing amplified, no cookie serves twice; a first message
    /// runs at
    /// most once through restarts, and no forger keeps it from running; a message is handed up at most once and
    /// every
    /// send settles once.
    @ParameterizedTest
    @CsvSource({"Handshake", "Restart", "Channel"})
    void theProtocolHolds(String model) throws IOException, InterruptedException {
        String output = check(model, "true");
        System.out.println(model + ": "
                + output.lines()
                        .filter(line -> line.contains("distinct states found, 0"))
                        .reduce("", (_, last) -> last));
        assertTrue(output.contains("No error has been found"), output);
    }

    /// Goal: each rule is needed: without it the checker finds a way to break what it is for.
    @ParameterizedTest
    @CsvSource({
        "Handshake, state on INIT, StateOnlyForProven",
        "Handshake, cookie of any address, StateOnlyForProven",
        "Handshake, work after state, StateOnlyForProven",
        "Handshake, cookie used twice, OneUse",
        "Handshake, long answer, NoAmplification",
        "Restart, no tags, AtMostOnce",
        "Restart, no attempts, AtMostOnce",
        "Restart, tags unproven, NeverForNothing",
        "Channel, forgets ids, AtMostOnce",
        "Channel, settles on close and on ack, SettledOnce",
        "Channel, close forgets sends, Temporal properties"
    })
    void everyBrokenTwinIsFoundOut(String model, String variant, String violated)
            throws IOException, InterruptedException {
        String output = check(model, variant);
        assertTrue(
                output.contains("Invariant " + violated + " is violated")
                        || output.contains(violated + " were violated"),
                output);
        System.out.println(model + ", " + variant + ": " + violated + " violated, as it must be");
    }
}
