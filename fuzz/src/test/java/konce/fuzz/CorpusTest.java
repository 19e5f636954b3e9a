package konce.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import konce.names.encoding.Decoded;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every target takes the inputs that are kept for it, and a few that need no keeping.
class CorpusTest {
    private static final List<byte[]> ALWAYS = List.of(
            new byte[0],
            new byte[1],
            new byte[32],
            new byte[300],
            HexFormat.of().parseHex("ff".repeat(300)));

    @TempDir
    private static Path scratch;

    private static List<Target> all() {
        List<Target> all = new ArrayList<>();
        Targets.groups(scratch).values().forEach(all::addAll);
        return all;
    }

    @TestFactory
    Stream<DynamicTest> everyKeptInput() {
        return all().stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    for (byte[] input : ALWAYS) {
                        run(target, input);
                    }
                    List<byte[]> kept = Corpus.here().inputs(target.name());
                    assertFalse(kept.isEmpty(), "nothing is kept for " + target.name());
                    for (byte[] input : kept) {
                        run(target, input);
                    }
                }));
    }

    private static void run(Target target, byte[] input) {
        try {
            target.body().run(input.clone());
        } catch (Exception | AssertionError e) {
            throw new AssertionError(target.name() + " with " + HexFormat.of().formatHex(input), e);
        }
    }

    @Test
    void aBrokenTargetIsFound() {
        Target writesOther = Target.<byte[]>whole(
                "twin", input -> new Decoded.Value<>(input), value -> value.length > 3 ? new byte[0] : value);
        run(writesOther, new byte[3]);
        assertThrows(AssertionError.class, () -> run(writesOther, new byte[4]));
        Target throwsOther = Target.text("twin", Integer::valueOf, String::valueOf, IllegalStateException.class);
        assertThrows(AssertionError.class, () -> run(throwsOther, new byte[3]));
    }

    @Test
    void everyNameIsUsedOnceAndEveryFileByATarget() throws IOException {
        Set<String> names = new HashSet<>();
        all().forEach(target -> assertTrue(names.add(target.name()), target.name()));
        try (Stream<Path> files = Files.list(Corpus.here().folder())) {
            Set<String> kept = new HashSet<>();
            files.forEach(file -> kept.add(file.getFileName().toString().replace(".hex", "")));
            assertEquals(names, kept);
        }
    }

    @Test
    void findingsStayWhenTheRestIsReplaced(@TempDir Path folder) throws IOException {
        Corpus corpus = new Corpus(folder);
        corpus.replace("a", List.of(new byte[] {1, 2}, new byte[] {3}));
        corpus.keepFinding("a", new byte[] {4}, "broke something once");
        corpus.replace("a", List.of(new byte[] {5}));
        assertEquals(List.of("05", "# broke something once", "04"), Files.readAllLines(corpus.file("a")));
    }
}
