package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    /// Goal: whatever text a peer's name or a role is, it stays a text. Method: quotes, controls, line separators,
    /// lone
    /// surrogates, emoji; written, then read.
    @Test
    void escapesEverythingThatCouldBreakOut() {
        String nasty = "\"},{\\ \u0000\u001f\n\r\t\u007f\u2028\u2029 \ud800 \ud83d\ude00 é";
        String text = Json.write(Map.of(nasty, nasty));
        assertEquals(Map.of(nasty, nasty), Json.read(text));
        assertTrue(text.chars().allMatch(c -> (c >= 0x20 && c != 0x7F && c != 0x2028) || c == '\n'), text);
        assertEquals(text.length() - 1, text.indexOf('\n'));
    }

    /// Goal: what is written is read again. Method: random nested values from a printed seed.
    @Test
    void readsWhatItWrites() {
        long seed = 20261123;
        System.out.println("JsonTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            Object value = value(random, 0);
            assertEquals(value, Json.read(Json.write(value)));
        }
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth < 4 ? 5 : 3)) {
            case 0 -> random.nextLong();
            case 1 -> null;
            case 2 -> {
                char[] chars = new char[random.nextInt(8)];
                for (int i = 0; i < chars.length; i++) {
                    chars[i] = (char) random.nextInt(0x10000);
                }
                yield new String(chars);
            }
            case 3 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    map.put("k" + random.nextInt(), value(random, depth + 1));
                }
                yield map;
            }
        };
    }

    /// Goal: what is no JSON, or none of ours, is refused in words. Method: broken texts.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[",
                "\"",
                "{\"a\"}",
                "{\"a\":}",
                "[1,]",
                "[1 2]",
                "nul",
                "1.5",
                "--1",
                "1 1",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u+123\"",
                "99999999999999999999",
                "[[[[[[[[[[1]]]]]]]]]]",
                "\"\n\"",
                "{a:1}"
            })
    void refusesOtherText(String text) {
        assertThrows(IllegalArgumentException.class, () -> Json.read(text));
    }
}
