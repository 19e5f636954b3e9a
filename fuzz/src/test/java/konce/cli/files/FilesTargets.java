package konce.cli.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import konce.cli.capture.CaptureException;
import konce.cli.capture.CaptureFile;
import konce.cli.capture.CapturedDatagram;
import konce.fuzz.Target;

/// The file protocol, captures, and the state of a file that is half there.
public final class FilesTargets {
    private static final Bytes ORIGINAL = new Bytes(new byte[FileLimits.HASH_BYTES]);

    private FilesTargets() {}

    /// All that need no disk.
    public static List<Target> all() {
        return List.of(
                new Target("file-request", FilesTargets::request),
                new Target("file-reply", FilesTargets::reply),
                Target.text("file-path", FilePath::parse, FilePath::toString, FileException.class),
                new Target("capture", FilesTargets::capture));
    }

    /// Those that do.
    ///
    /// @param scratch a folder of their own
    public static List<Target> onDisk(Path scratch) {
        return List.of(new Target("part-file", input -> partFile(scratch, input)));
    }

    private static void request(byte[] input) {
        try {
            Target.checkSame(input, FileRequest.decode(input).encode());
        } catch (FileException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }

    private static void reply(byte[] input) {
        try {
            FileReply reply = FileReply.decode(input);
            byte[] again = reply.encode();
            // a problem of a later version is read as one of this
            Target.checkSame(
                    reply instanceof FileReply.Refused ? FileReply.decode(again).encode() : input, again);
        } catch (FileException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }

    private static void capture(byte[] input) {
        try {
            for (CapturedDatagram datagram : CaptureFile.read(input)) {
                Target.check(datagram.payload().length <= input.length, "more bytes than the capture has");
            }
        } catch (CaptureException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }

    /// The first byte says how large the file is to be; the rest is the state that is found.
    private static void partFile(Path scratch, byte[] input) throws IOException {
        Path part = scratch.resolve("film.part");
        long size = input.length == 0 ? 0 : 1L << (input[0] & 31);
        Files.write(part, new byte[0]);
        Files.write(
                scratch.resolve("film.part.state"),
                input.length == 0 ? input : java.util.Arrays.copyOfRange(input, 1, input.length));
        try (PartFile open = PartFile.open(part, size, ORIGINAL)) {
            Target.check(open != null, "nothing was opened");
        } catch (FileException e) {
            Target.check(!e.getMessage().isBlank(), "refused without a reason");
        }
    }
}
