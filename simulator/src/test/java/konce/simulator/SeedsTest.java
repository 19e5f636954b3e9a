package konce.simulator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeedsTest {
    record Seed(String scenario, long seed, String reason) {
        static Seed parse(String line) {
            String[] halves = line.split(" - ", 2);
            String[] words = halves[0].trim().split(" ");
            if (halves.length != 2 || words.length != 2) {
                throw new IllegalArgumentException("'" + line + "' is not 'scenario seed - reason'");
            }
            return new Seed(words[0], Long.parseLong(words[1]), halves[1]);
        }
    }

    private static Stream<Seed> seeds() throws IOException {
        try (InputStream in = Objects.requireNonNull(SeedsTest.class.getResourceAsStream("/seeds.txt"))) {
            List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return lines.stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Seed::parse);
        }
    }

    /// Goal: what once failed never fails again. Method: replay every seed that ever did.
    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("seeds")
    void passesNow(Seed seed) {
        Report report = Simulation.run(Scenario.byCode(seed.scenario()), seed.seed());
        assertTrue(report.isPassed(), () -> report.replayCommand() + "\n" + report.violations());
    }
}
