package konce.cli;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One JSON object on one line, for scripts. Members come in the order they were added.
///
/// - source: RFC 8259
final class JsonLine {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();

    /// The same object with one more member.
    ///
    /// @param value a text, a number, a boolean, another [JsonLine], an iterable of these, or null
    JsonLine with(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        members.forEach((name, value) -> {
            text.append(text.length() == 1 ? "" : ",");
            append(text, name);
            text.append(':');
            append(text, value);
        });
        return text.append('}').toString();
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case Iterable<?> many -> {
                text.append('[');
                String comma = "";
                for (Object one : many) {
                    text.append(comma);
                    append(text, one);
                    comma = ",";
                }
                text.append(']');
            }
            case Double number -> text.append(Double.isFinite(number) ? number.toString() : "null");
            case Number number -> text.append(number);
            case Boolean truth -> text.append(truth);
            case JsonLine object -> text.append(object);
            default -> appendText(text, value.toString());
        }
    }

    private static void appendText(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < 0x20 || c > 0x7e) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
