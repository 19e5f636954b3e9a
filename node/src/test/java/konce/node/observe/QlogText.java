package konce.node.observe;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a file of JSON texts with separators between them (RFC 7464), strictly: what is no JSON fails.
final class QlogText {
    private final String text;
    private int at;

    private QlogText(String text) {
        this.text = text;
    }

    /// The records of a file: maps with text keys.
    static List<Map<?, ?>> records(Path file) throws IOException {
        String all = Files.readString(file, StandardCharsets.US_ASCII);
        List<Map<?, ?>> records = new ArrayList<>();
        if (!all.startsWith("\u001e") || !all.endsWith("\n")) {
            throw new AssertionError("each record begins with a separator and ends with a line's end");
        }
        for (String record : all.substring(1).split("\u001e", -1)) {
            QlogText reader = new QlogText(record.stripTrailing());
            records.add((Map<?, ?>) reader.value());
            reader.require(reader.at == reader.text.length());
        }
        return records;
    }

    private Object value() {
        return switch (text.charAt(at)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            default -> number();
        };
    }

    private Object word(String word, boolean value) {
        require(text.startsWith(word, at));
        at += word.length();
        return value;
    }

    private Map<String, Object> object() {
        Map<String, Object> map = new LinkedHashMap<>();
        at++;
        while (text.charAt(at) != '}') {
            if (!map.isEmpty()) {
                take(',');
            }
            String key = string();
            take(':');
            require(map.put(key, value()) == null);
        }
        at++;
        return map;
    }

    private List<Object> array() {
        List<Object> list = new ArrayList<>();
        at++;
        while (text.charAt(at) != ']') {
            if (!list.isEmpty()) {
                take(',');
            }
            list.add(value());
        }
        at++;
        return list;
    }

    private String string() {
        take('"');
        StringBuilder out = new StringBuilder();
        while (text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                at++;
                require("\"\\".indexOf(text.charAt(at)) >= 0);
            }
            out.append(text.charAt(at++));
        }
        at++;
        return out.toString();
    }

    private BigDecimal number() {
        int start = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        require(digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"));
        return new BigDecimal(digits);
    }

    private void take(char c) {
        require(text.charAt(at) == c);
        at++;
    }

    private void require(boolean holds) {
        if (!holds) {
            throw new AssertionError("no JSON at " + at + " of " + text);
        }
    }
}
