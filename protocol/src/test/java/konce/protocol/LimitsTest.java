package konce.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The table of limits in the specification.
final class LimitsTest {
    private static final Path NOTATION = Path.of("..", "docs", "spec", "01-notation.md");
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| ([^|]+) \\|.*");
    private static final Pattern VALUE = Pattern.compile("(?:(\\d+)|2\\^(\\d+))(?: - (\\d+)| (ms|s|d))?");

    // = docs/spec/01-notation.md R1.2
    /// Goal: the specification's table and the code name the same limits with the same values.
    @Test
    void theTableSaysWhatTheCodeHolds() throws IOException, IllegalAccessException {
        Map<String, Long> written = new TreeMap<>();
        for (String line : Files.readAllLines(NOTATION)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                written.put(row.group(1), value(row.group(2)));
            }
        }
        Map<String, Long> held = new TreeMap<>();
        for (Field field : Limits.class.getFields()) {
            assertTrue(Modifier.isStatic(field.getModifiers()));
            held.put(field.getName(), ((Number) field.get(null)).longValue());
        }
        assertEquals(held, written);
    }

    private static long value(String text) {
        Matcher matcher = VALUE.matcher(text);
        assertTrue(matcher.matches(), text);
        long value =
                matcher.group(1) == null ? 1L << Integer.parseInt(matcher.group(2)) : Long.parseLong(matcher.group(1));
        long less = matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3));
        String unit = matcher.group(4);
        long nanos = unit == null
                ? 1
                : switch (unit) {
                    case "ms" -> 1_000_000L;
                    case "s" -> 1_000_000_000L;
                    default -> 86_400_000_000_000L;
                };
        return (value - less) * nanos;
    }
}
