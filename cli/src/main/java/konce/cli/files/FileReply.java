package konce.cli.files;

import java.util.ArrayList;
import java.util.List;

/// What a file server answers.
///
/// - source: docs/spec/11-files.md, section 2
sealed interface FileReply {
    record Refused(Problem problem, String text) implements FileReply {}

    record Entries(boolean more, List<Entry> entries) implements FileReply {}

    record Status(boolean directory, long size, long modifiedMillis, Bytes version) implements FileReply {}

    record Data(byte[] bytes) implements FileReply {}

    record Hash(Bytes hash) implements FileReply {}

    record Upload(Bytes token, byte[] held) implements FileReply {}

    record Done() implements FileReply {}

    /// The message that carries it.
    default byte[] encode() {
        return switch (this) {
            case Refused(Problem problem, String text) ->
                new Fields(0).int1(problem.code()).text(text).done();
            case Entries(boolean more, List<Entry> entries) -> {
                Fields fields = new Fields(1).flag(more).int2(entries.size());
                for (Entry entry : entries) {
                    fields.flag(entry.directory())
                            .int8(entry.size())
                            .int8(entry.modifiedMillis())
                            .text(entry.name());
                }
                yield fields.done();
            }
            case Status(boolean directory, long size, long modifiedMillis, Bytes version) ->
                new Fields(2)
                        .flag(directory)
                        .int8(size)
                        .int8(modifiedMillis)
                        .bytes(version)
                        .done();
            case Data(byte[] bytes) -> new Fields(3).rest(bytes).done();
            case Hash(Bytes hash) -> new Fields(4).bytes(hash).done();
            case Upload(Bytes token, byte[] held) ->
                new Fields(5).bytes(token).rest(held).done();
            case Done() -> new Fields(6).done();
        };
    }

    /// Reads a message.
    ///
    /// @throws FileException when it is none of these
    static FileReply decode(byte[] message) throws FileException {
        FieldReader fields = new FieldReader(message);
        FileReply reply = switch (fields.int1()) {
            case 0 -> new Refused(Problem.ofCode(fields.int1()), fields.text());
            case 1 -> entries(fields);
            case 2 -> new Status(fields.flag(), fields.int8(), fields.int8(), fields.bytes(FileLimits.VERSION_BYTES));
            case 3 -> new Data(fields.rest());
            case 4 -> new Hash(fields.bytes(FileLimits.HASH_BYTES));
            case 5 -> new Upload(fields.bytes(FileLimits.TOKEN_BYTES), fields.rest());
            case 6 -> new Done();
            default -> throw FieldReader.malformed("a reply that is not known");
        };
        fields.end();
        return reply;
    }

    private static Entries entries(FieldReader fields) throws FileException {
        boolean more = fields.flag();
        int count = fields.int2();
        if (count > FileLimits.ENTRIES_PER_REPLY_MAX) {
            throw FieldReader.malformed("more entries than one reply may hold");
        }
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean directory = fields.flag();
            long size = fields.int8();
            long modifiedMillis = fields.int8();
            entries.add(new Entry(fields.text(), directory, size, modifiedMillis));
        }
        return new Entries(more, entries);
    }
}
