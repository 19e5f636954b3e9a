package konce.node;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konce.fuzz.Target;
import konce.node.store.CheckedFile;
import konce.node.store.DamagedFileException;
import konce.node.stream.StreamRecord;

/// Streams, the status that a node leaves for others to read, and files that say whether they are damaged.
public final class NodeTargets {
    private NodeTargets() {}

    /// All that need no disk.
    public static List<Target> all() {
        return List.of(
                new Target("stream-record", NodeTargets::streamRecord),
                Target.text("json", Json::read, Json::write, IllegalArgumentException.class),
                Target.text("node-status", NodeStatus::ofJson, NodeStatus::toJson, IllegalArgumentException.class));
    }

    /// Those that do.
    ///
    /// @param scratch a folder of their own
    public static List<Target> onDisk(Path scratch) {
        return List.of(
                new Target("checked-file", input -> checkedFile(scratch, input)),
                new Target("status-file", input -> statusFile(scratch, input)));
    }

    private static void streamRecord(byte[] input) {
        StreamRecord record = StreamRecord.decode(MemorySegment.ofArray(input));
        // a code of RESET that means nothing is read as one that does
        if (record != null && !(record instanceof StreamRecord.Reset)) {
            Target.checkSame(input, record.encode().toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private static void checkedFile(Path scratch, byte[] input) throws IOException {
        Path file = scratch.resolve("checked");
        Files.write(file, input);
        byte[] content;
        try {
            content = CheckedFile.read(file);
        } catch (DamagedFileException e) {
            return;
        }
        CheckedFile.replace(file, content);
        Target.checkSame(input, Files.readAllBytes(file));
    }

    private static void statusFile(Path scratch, byte[] input) throws IOException {
        Files.write(scratch.resolve("1.json"), input);
        Target.check(StatusReader.readAll(scratch).size() <= 1, "one file of two nodes");
    }
}
