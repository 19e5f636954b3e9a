package konce.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;

/// Something that reads bytes of others, and what must hold whatever they are.
///
/// @param name how `fuzz/run` and the corpus call it: letters, digits and hyphens
/// @param body throws for bytes that break something, and for nothing else
public record Target(String name, Body body) {
    /// Bytes of the longest input that is tried.
    public static final int INPUT_BYTES_MAX = 2_048;

    /// What a target does with its bytes.
    public interface Body {
        /// @throws Exception what was found; nothing else ever
        void run(byte[] input) throws Exception;
    }

    /// Writes a value in the encoding of names.
    public interface Writing<T> {
        /// Appends the encoding.
        void write(T value, ByteWriter out);
    }

    /// A text is read.
    public interface Parsing<T> {
        /// @throws Exception for a text that is none
        T parse(String text) throws Exception;
    }

    /// A whole encoding of names: what decodes, encodes to the same bytes again.
    public static <T> Target whole(String name, Function<byte[], Decoded<T>> decode, Function<T, byte[]> encode) {
        return new Target(name, input -> {
            switch (decode.apply(input)) {
                case Decoded.Value<T>(T value) -> checkSame(input, encode.apply(value));
                case Decoded.Malformed<T>(String reason) -> check(!reason.isBlank(), "refused without a reason");
            }
        });
    }

    /// A part of an encoding of names: what is read, is written as the same bytes again.
    public static <T> Target part(String name, Decoded.Shape<T> shape, Writing<T> writing) {
        return whole(name, input -> Decoded.of(input, INPUT_BYTES_MAX, shape), value -> {
            ByteWriter out = new ByteWriter();
            writing.write(value, out);
            return out.toBytes();
        });
    }

    /// A text: what is read, is written as a text that is read as the same value. All other texts are refused by
    /// `refusal`, with words.
    public static <T> Target text(
            String name, Parsing<T> parsing, Function<T, String> writing, Class<? extends Exception> refusal) {
        return new Target(name, input -> {
            T value;
            try {
                value = parsing.parse(new String(input, StandardCharsets.UTF_8));
            } catch (Exception e) {
                if (!refusal.isInstance(e)) {
                    throw e;
                }
                check(e.getMessage() != null && !e.getMessage().isBlank(), "refused without a reason");
                return;
            }
            if (value != null) {
                T again = parsing.parse(writing.apply(value));
                check(value.equals(again), "read as " + value + ", and its text as " + again);
            }
        });
    }

    /// @throws AssertionError unless `holds`
    public static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /// @throws AssertionError unless the bytes are the same
    public static void checkSame(byte[] expected, byte[] found) {
        if (!Arrays.equals(expected, found)) {
            HexFormat hex = HexFormat.of();
            throw new AssertionError("read " + hex.formatHex(expected) + ", written " + hex.formatHex(found));
        }
    }
}
