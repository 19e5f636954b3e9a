package konce.cli.files;

/// What a client asks of a file server.
///
/// - source: docs/spec/11-files.md, section 2
sealed interface FileRequest {
    /// @param skip entries the client has
    record ListEntries(String path, int skip) implements FileRequest {}

    record Stat(String path) implements FileRequest {}

    record Read(String path, Bytes version, long offset, int length) implements FileRequest {}

    record Hash(String path, Bytes version) implements FileRequest {}

    record Begin(String path, long size, Bytes hash, boolean overwrite) implements FileRequest {}

    record Write(Bytes token, long offset, byte[] data) implements FileRequest {}

    record Finish(Bytes token) implements FileRequest {}

    /// The message that carries it.
    default byte[] encode() {
        return switch (this) {
            case ListEntries(String path, int skip) ->
                new Fields(1).text(path).int4(skip).done();
            case Stat(String path) -> new Fields(2).text(path).done();
            case Read(String path, Bytes version, long offset, int length) ->
                new Fields(3)
                        .text(path)
                        .bytes(version)
                        .int8(offset)
                        .int4(length)
                        .done();
            case Hash(String path, Bytes version) ->
                new Fields(4).text(path).bytes(version).done();
            case Begin(String path, long size, Bytes hash, boolean overwrite) ->
                new Fields(5).text(path).int8(size).bytes(hash).flag(overwrite).done();
            case Write(Bytes token, long offset, byte[] data) ->
                new Fields(6).bytes(token).int8(offset).rest(data).done();
            case Finish(Bytes token) -> new Fields(7).bytes(token).done();
        };
    }

    /// Reads a message.
    ///
    /// @throws FileException when it is none of these
    static FileRequest decode(byte[] message) throws FileException {
        FieldReader fields = new FieldReader(message);
        FileRequest request = switch (fields.int1()) {
            case 1 -> new ListEntries(fields.text(), fields.int4());
            case 2 -> new Stat(fields.text());
            case 3 -> new Read(fields.text(), fields.bytes(FileLimits.VERSION_BYTES), fields.int8(), fields.int4());
            case 4 -> new Hash(fields.text(), fields.bytes(FileLimits.VERSION_BYTES));
            case 5 -> new Begin(fields.text(), fields.int8(), fields.bytes(FileLimits.HASH_BYTES), fields.flag());
            case 6 -> new Write(fields.bytes(FileLimits.TOKEN_BYTES), fields.int8(), fields.rest());
            case 7 -> new Finish(fields.bytes(FileLimits.TOKEN_BYTES));
            default -> throw FieldReader.malformed("an operation that is not known");
        };
        fields.end();
        return request;
    }
}
