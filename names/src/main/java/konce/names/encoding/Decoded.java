package konce.names.encoding;

/// What bytes turned out to be.
public sealed interface Decoded<T> {
    /// A value; writing it gives the same bytes again.
    record Value<T>(T value) implements Decoded<T> {}

    /// No value.
    ///
    /// @param reason what is wrong, a few words for a person
    record Malformed<T>(String reason) implements Decoded<T> {}

    /// Reads one value.
    interface Shape<T> {
        /// @throws MalformedException when the bytes are not this shape
        T read(ByteReader in) throws MalformedException;
    }

    /// Reads a value that is the whole of `bytes`, which nothing keeps.
    ///
    /// @param bytesMax the length beyond which nothing is looked at
    static <T> Decoded<T> of(byte[] bytes, int bytesMax, Shape<T> shape) {
        // = docs/spec/12-ledger.md R12.1 R12.2
        if (bytes.length > bytesMax) {
            return new Malformed<>(bytes.length + " bytes; at most " + bytesMax);
        }
        ByteReader in = new ByteReader(bytes);
        try {
            T value = shape.read(in);
            in.checkEnd();
            return new Value<>(value);
        } catch (MalformedException e) {
            return new Malformed<>(e.reason() + ", at byte " + in.position());
        }
    }

    /// The value of bytes that we have written ourselves.
    ///
    /// @throws IllegalStateException when they are malformed: our own mistake, or memory that changed
    static <T> T own(byte[] bytes, Shape<T> shape) {
        return switch (of(bytes, Integer.MAX_VALUE, shape)) {
            case Value<T>(T value) -> value;
            case Malformed<T>(String reason) -> throw new IllegalStateException("our own bytes: " + reason);
        };
    }
}
