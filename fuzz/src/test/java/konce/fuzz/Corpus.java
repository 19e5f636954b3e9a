package konce.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The inputs of a target that are kept: a file `NAME.hex` of one input a line, in hexadecimal, the shortest first;
/// `#` begins a comment that stays with the line after it.
record Corpus(Path folder) {
    private static final HexFormat HEX = HexFormat.of();

    /// Where it is, from the root of the repository.
    static final String PLACE = "fuzz/corpus";

    /// The corpus of the repository these tests stand in.
    static Corpus here() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(PLACE))) {
                return new Corpus(folder.resolve(PLACE));
            }
        }
        throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " holds " + PLACE);
    }

    Path file(String target) {
        return folder.resolve(target + ".hex");
    }

    /// The inputs of a target; none where nothing is kept.
    List<byte[]> inputs(String target) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        for (String line : lines(target)) {
            if (!line.startsWith("#")) {
                inputs.add(HEX.parseHex(line));
            }
        }
        return inputs;
    }

    private List<String> lines(String target) throws IOException {
        return Files.exists(file(target))
                ? Files.readAllLines(file(target)).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .toList()
                : List.of();
    }

    /// Keeps an input that broke something, under a comment.
    void keepFinding(String target, byte[] input, String comment) throws IOException {
        List<String> lines = new ArrayList<>(lines(target));
        lines.add("# " + comment);
        lines.add(HEX.formatHex(input));
        Files.write(file(target), lines);
    }

    /// Keeps these inputs, and those that stand under a comment.
    void replace(String target, List<byte[]> inputs) throws IOException {
        List<String> commented = new ArrayList<>();
        List<String> old = lines(target);
        for (int i = 1; i < old.size(); i++) {
            if (old.get(i - 1).startsWith("#")) {
                commented.addAll(old.subList(i - 1, i + 1));
            }
        }
        Set<String> plain = new LinkedHashSet<>();
        inputs.stream().map(HEX::formatHex).filter(line -> !line.isEmpty()).forEach(plain::add);
        plain.removeAll(commented);
        List<String> lines = new ArrayList<>(plain);
        lines.sort(java.util.Comparator.comparingInt(String::length).thenComparing(line -> line));
        lines.addAll(commented);
        Files.createDirectories(folder);
        Files.write(file(target), lines);
    }
}
