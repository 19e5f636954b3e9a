package konce.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A table, for a terminal or as Markdown. The first column is text, all others are figures.
public final class Table {
    private final List<String> head;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... head) {
        this.head = List.of(head);
    }

    public void add(String... row) {
        if (row.length != head.size()) {
            throw new IllegalArgumentException(row.length + " cells in a table of " + head.size());
        }
        rows.add(List.of(row));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /// Columns by spaces.
    public String terminal() {
        List<Integer> widths = IntStream.range(0, head.size())
                .mapToObj(column -> Math.max(
                        head.get(column).length(),
                        rows.stream()
                                .mapToInt(row -> row.get(column).length())
                                .max()
                                .orElse(0)))
                .toList();
        List<List<String>> lines = new ArrayList<>(rows);
        lines.addFirst(head);
        return lines.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder out = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String padding = " ".repeat(widths.get(column) - row.get(column).length());
            out.append(column == 0 ? row.get(column) + padding : "  " + padding + row.get(column));
        }
        return out.toString().stripTrailing();
    }

    public String markdown() {
        String rule = "|---|" + "---:|".repeat(head.size() - 1);
        return rows.stream().map(Table::markdown).collect(Collectors.joining("", markdown(head) + rule + "\n", ""));
    }

    private static String markdown(List<String> row) {
        return row.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
