package konce.cli.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import konce.cli.files.FileClient.Transferred;
import konce.crypto.SystemRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilesTest {
    private static final long SEED = 413;
    private static final int SIZE = 5 * FileLimits.CHUNK_BYTES + 1234;

    @TempDir
    Path directory;

    private Path root;
    private Path mine;
    private final byte[] content = new byte[SIZE];

    @BeforeEach
    void start() throws IOException {
        root = Files.createDirectories(directory.resolve("served"));
        mine = Files.createDirectories(directory.resolve("mine"));
        new Random(SEED).nextBytes(content);
        Files.write(root.resolve("data.bin"), content);
        Files.createDirectories(root.resolve("sub"));
        Files.writeString(root.resolve("sub").resolve("note.txt"), "a note");
        Files.writeString(directory.resolve("secret.txt"), "outside");
    }

    private FileServer server(boolean writable) throws IOException {
        return new FileServer(root, writable, new SystemRandom());
    }

    private static FileClient client(FileServer server) {
        return new FileClient((request, _) -> server.answer(request), (_, _, _) -> {});
    }

    /// A client whose line is cut after so many requests.
    private static FileClient cut(FileServer server, int requests) {
        AtomicInteger left = new AtomicInteger(requests);
        return new FileClient(
                (request, _) -> {
                    if (left.getAndDecrement() <= 0) {
                        throw new IOException("cut");
                    }
                    return server.answer(request);
                },
                (_, _, _) -> {});
    }

    private static Problem problem(Executable action) {
        return assertThrows(FileException.class, action).problem();
    }

    /// Goal: no text of a path reaches outside the served directory, or what is the server's own.
    // = docs/spec/11-files.md R11.1
    // = docs/spec/11-files.md R11.2
    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "/",
                "/etc/passwd",
                "../secret.txt",
                "sub/../../secret.txt",
                "sub/..",
                "./data.bin",
                "sub//note.txt",
                "sub/",
                "..\\secret.txt",
                "C:secret",
                "sub/\u0000note.txt",
                "sub/note\n.txt",
                ".konce-uploads",
                ".konce-uploads/x.part",
                "sub/.konce",
                "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a"
            })
    void pathsStayInside(String path) throws IOException {
        try (FileServer server = server(true)) {
            FileClient client = client(server);
            assertEquals(Problem.BAD_PATH, problem(() -> client.list(path)));
            assertEquals(Problem.BAD_PATH, problem(() -> client.download(path, mine.resolve("x"), false)));
            assertEquals(Problem.BAD_PATH, problem(() -> client.upload(root.resolve("data.bin"), path, false)));
            String longPath = "x".repeat(FileLimits.PATH_BYTES_MAX + 1);
            assertEquals(Problem.BAD_PATH, problem(() -> client.list(longPath)));
        }
    }

    /// Goal: symbolic links are neither followed, at the end of a path or inside it, nor listed.
    // = docs/spec/11-files.md R11.3
    @ParameterizedTest
    @CsvSource({"file-link", "directory-link", "directory-link/secret.txt", "inside-link"})
    void linksAreNotFollowed(String path) throws IOException {
        Files.createSymbolicLink(root.resolve("file-link"), directory.resolve("secret.txt"));
        Files.createSymbolicLink(root.resolve("directory-link"), directory);
        Files.createSymbolicLink(root.resolve("inside-link"), root.resolve("data.bin"));
        try (FileServer server = server(true)) {
            FileClient client = client(server);
            assertEquals(Problem.NOT_ALLOWED, problem(() -> client.list(path)));
            assertEquals(Problem.NOT_ALLOWED, problem(() -> client.download(path, mine.resolve("x"), false)));
            assertEquals(Problem.NOT_ALLOWED, problem(() -> client.upload(root.resolve("data.bin"), path, true)));
            assertEquals(
                    List.of("data.bin", "sub"),
                    client.list("").stream().map(Entry::name).toList());
        }
    }

    /// Goal: a directory lists what is in it, by name, in as many answers as it takes.
    // = docs/spec/11-files.md R11.6
    @Test
    void listsLargeDirectories() throws IOException {
        for (int i = 0; i < FileLimits.ENTRIES_PER_REPLY_MAX + 10; i++) {
            Files.writeString(root.resolve("sub").resolve("f" + (10_000 + i)), "x".repeat(i % 7));
        }
        try (FileServer server = server(false)) {
            List<Entry> entries = client(server).list("sub");
            assertEquals(FileLimits.ENTRIES_PER_REPLY_MAX + 11, entries.size());
            assertEquals("f10000", entries.getFirst().name());
            assertEquals("note.txt", entries.getLast().name());
            assertEquals(6, entries.getLast().size());
            assertTrue(client(server)
                    .list("")
                    .contains(client(server).list("data.bin").getFirst()));
        }
    }

    /// Goal: files of every size go both ways unchanged, and nothing but them stays.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, FileLimits.CHUNK_BYTES - 1, FileLimits.CHUNK_BYTES, FileLimits.CHUNK_BYTES + 1, SIZE})
    void filesGoBothWays(int size) throws IOException {
        byte[] bytes = Arrays.copyOf(content, size);
        Files.write(root.resolve("there"), bytes);
        try (FileServer server = server(true)) {
            assertEquals(new Transferred(size, size), client(server).download("there", mine.resolve("here"), false));
            assertArrayEquals(bytes, Files.readAllBytes(mine.resolve("here")));
            assertEquals(new Transferred(size, size), client(server).upload(mine.resolve("here"), "sub/back", false));
            assertArrayEquals(bytes, Files.readAllBytes(root.resolve("sub/back")));
        }
        try (var files = Files.list(mine)) {
            assertEquals(1, files.count(), "no part and no state stays");
        }
        try (var files = Files.list(root.resolve(".konce-uploads"))) {
            assertEquals(0, files.count(), "no part and no state stays");
        }
    }

    /// Goal: an interrupted download goes on where it was, without asking for what it has.
    // = docs/spec/11-files.md R11.13
    @Test
    void downloadsAreTakenUpAgain() throws IOException {
        Path target = mine.resolve("data.bin");
        try (FileServer server = server(false)) {
            assertThrows(IOException.class, () -> cut(server, 4).download("data.bin", target, false));
            assertFalse(Files.exists(target));
            Transferred rest = client(server).download("data.bin", target, false);
            assertTrue(rest.movedBytes() < SIZE && rest.movedBytes() > 0, "some, not all: " + rest);
            assertArrayEquals(content, Files.readAllBytes(target));
        }
    }

    /// Goal: an interrupted upload goes on where it was, also at a server that was started anew.
    // = docs/spec/11-files.md R11.12
    @Test
    void uploadsAreTakenUpAgain() throws IOException {
        Path source = Files.write(mine.resolve("up.bin"), content);
        try (FileServer server = server(true)) {
            assertThrows(IOException.class, () -> cut(server, 4).upload(source, "up.bin", false));
            assertFalse(Files.exists(root.resolve("up.bin")));
        }
        try (FileServer server = server(true)) {
            Transferred rest = client(server).upload(source, "up.bin", false);
            assertTrue(rest.movedBytes() < SIZE && rest.movedBytes() > 0, "some, not all: " + rest);
            assertArrayEquals(content, Files.readAllBytes(root.resolve("up.bin")));
        }
    }

    /// Goal: a part of another version of the file is not taken up, and a damaged state file neither.
    // = docs/spec/11-files.md R11.14
    @Test
    void partsOfAnotherFileStartOver() throws IOException {
        Path target = mine.resolve("data.bin");
        try (FileServer server = server(false)) {
            assertThrows(IOException.class, () -> cut(server, 4).download("data.bin", target, false));
            content[0] ^= 1;
            Files.write(root.resolve("data.bin"), content);
            Files.setLastModifiedTime(root.resolve("data.bin"), FileTime.fromMillis(1_000_000));
            assertEquals(
                    SIZE, client(server).download("data.bin", target, false).movedBytes());
            assertArrayEquals(content, Files.readAllBytes(target));

            assertThrows(IOException.class, () -> cut(server, 4).download("data.bin", target, true));
            Path state = mine.resolve("data.bin.part.state");
            byte[] bytes = Files.readAllBytes(state);
            bytes[bytes.length - 40] ^= 1;
            Files.write(state, bytes);
            assertEquals(SIZE, client(server).download("data.bin", target, true).movedBytes());
            assertArrayEquals(content, Files.readAllBytes(target));
        }
    }

    /// Goal: a part whose bytes are not what they were is found out by the hash, and never gets the name.
    // = docs/spec/11-files.md R11.9
    @Test
    void damagedPartsNeverGetTheName() throws IOException {
        Path target = mine.resolve("data.bin");
        try (FileServer server = server(false)) {
            assertThrows(IOException.class, () -> cut(server, 7).download("data.bin", target, false));
            Path part = mine.resolve("data.bin.part");
            byte[] bytes = Files.readAllBytes(part);
            for (int i = 0; i < bytes.length; i += 1000) {
                bytes[i] ^= 1;
            }
            Files.write(part, bytes);
            assertEquals(Problem.HASH_MISMATCH, problem(() -> client(server).download("data.bin", target, false)));
            assertFalse(Files.exists(target));
            assertEquals(
                    SIZE, client(server).download("data.bin", target, false).movedBytes());
            assertArrayEquals(content, Files.readAllBytes(target));
        }
    }

    /// Goal: nothing is written over unless it is asked for, on either side.
    // = docs/spec/11-files.md R11.11
    @Test
    void nothingIsWrittenOverUnasked() throws IOException {
        Path here = Files.writeString(mine.resolve("here"), "mine");
        try (FileServer server = server(true)) {
            assertEquals(Problem.EXISTS, problem(() -> client(server).download("data.bin", here, false)));
            assertEquals(Problem.EXISTS, problem(() -> client(server).upload(here, "data.bin", false)));
            assertEquals(Problem.EXISTS, problem(() -> client(server).upload(here, "sub", true)));
            assertEquals("mine", Files.readString(here));
            assertArrayEquals(content, Files.readAllBytes(root.resolve("data.bin")));
            client(server).upload(here, "data.bin", true);
            assertEquals("mine", Files.readString(root.resolve("data.bin")));
        }
    }

    /// Goal: a server that was not started writable changes nothing.
    // = docs/spec/11-files.md R11.4
    @Test
    void readOnlyServersTakeNothing() throws IOException {
        Path source = Files.writeString(mine.resolve("up"), "x");
        try (FileServer server = server(false)) {
            assertEquals(Problem.NOT_ALLOWED, problem(() -> client(server).upload(source, "up", false)));
            byte[] write = new FileRequest.Write(new Bytes(new byte[16]), 0, new byte[1]).encode();
            byte[] finish = new FileRequest.Finish(new Bytes(new byte[16])).encode();
            for (byte[] request : List.of(write, finish)) {
                FileReply.Refused refused = (FileReply.Refused) FileReply.decode(server.answer(request));
                assertEquals(Problem.NOT_ALLOWED, refused.problem());
            }
            try (var files = Files.list(root)) {
                assertEquals(2, files.count());
            }
        }
    }

    /// Goal: an upload cannot be finished early or with other bytes, nor chunks be written where they do not fit.
    // = docs/spec/11-files.md R11.10
    @Test
    void unfinishedUploadsStayApart() throws IOException {
        Bytes otherHash = new Bytes(new byte[FileLimits.HASH_BYTES]);
        try (FileServer server = server(true)) {
            FileReply.Upload upload = (FileReply.Upload)
                    FileReply.decode(server.answer(new FileRequest.Begin("up", 3, otherHash, false).encode()));
            assertEquals(Problem.INCOMPLETE, refusal(server, new FileRequest.Finish(upload.token())));
            assertEquals(Problem.MALFORMED, refusal(server, new FileRequest.Write(upload.token(), 0, new byte[2])));
            assertEquals(Problem.MALFORMED, refusal(server, new FileRequest.Write(upload.token(), 1, new byte[3])));
            assertEquals(
                    new FileReply.Done(),
                    FileReply.decode(server.answer(new FileRequest.Write(upload.token(), 0, new byte[3]).encode())));
            assertEquals(Problem.HASH_MISMATCH, refusal(server, new FileRequest.Finish(upload.token())));
            assertFalse(Files.exists(root.resolve("up")));
            assertEquals(
                    Problem.NOT_ALLOWED,
                    refusal(server, new FileRequest.Begin("up", FileLimits.FILE_BYTES_MAX + 1, otherHash, false)));
        }
    }

    private static Problem refusal(FileServer server, FileRequest request) throws IOException {
        return ((FileReply.Refused) FileReply.decode(server.answer(request.encode()))).problem();
    }

    /// Goal: more uploads than the limit close the stillest, which can be taken up again.
    // = docs/spec/11-files.md R11.12
    @Test
    void uploadsOpenAreBounded() throws IOException {
        Bytes hash = new Bytes(new byte[FileLimits.HASH_BYTES]);
        try (FileServer server = server(true)) {
            Bytes first = null;
            for (int i = 0; i <= FileLimits.UPLOADS_OPEN_MAX; i++) {
                FileRequest begin = new FileRequest.Begin("up" + i, 1, hash, false);
                Bytes token = ((FileReply.Upload) FileReply.decode(server.answer(begin.encode()))).token();
                first = first == null ? token : first;
            }
            assertEquals(Problem.NOT_FOUND, refusal(server, new FileRequest.Write(first, 0, new byte[1])));
        }
    }

    /// Goal: a file that changes while it is read is noticed.
    // = docs/spec/11-files.md R11.7
    // = docs/spec/11-files.md R11.8
    @Test
    void changesAreNoticed() throws IOException {
        try (FileServer server = server(false)) {
            FileReply.Status status =
                    (FileReply.Status) FileReply.decode(server.answer(new FileRequest.Stat("data.bin").encode()));
            FileRequest read = new FileRequest.Read("data.bin", status.version(), 0, 10);
            assertEquals(10, ((FileReply.Data) FileReply.decode(server.answer(read.encode()))).bytes().length);
            FileRequest large = new FileRequest.Read("data.bin", status.version(), 0, FileLimits.READ_BYTES_MAX + 1);
            assertEquals(Problem.NOT_ALLOWED, refusal(server, large));
            Files.setLastModifiedTime(root.resolve("data.bin"), FileTime.fromMillis(1_000_000));
            assertEquals(Problem.CHANGED, refusal(server, read));
            assertEquals(Problem.CHANGED, refusal(server, new FileRequest.Hash("data.bin", status.version())));
        }
    }

    /// Goal: whatever bytes come, the answer is a reply; whatever reply comes, it is a value or a [FileException];
    /// method: random bytes, and good messages cut and lengthened.
    // = docs/spec/11-files.md R11.5
    @Test
    void garbageIsRefused() throws IOException {
        Random random = new Random(SEED);
        byte[] stat = new FileRequest.Stat("data.bin").encode();
        try (FileServer server = server(true)) {
            for (int round = 0; round < 5_000; round++) {
                byte[] garbage = new byte[random.nextInt(80)];
                random.nextBytes(garbage);
                if (garbage.length > 0) {
                    garbage[0] = (byte) random.nextInt(9);
                }
                FileReply.decode(server.answer(garbage));
                try {
                    FileReply.decode(garbage);
                } catch (FileException e) {
                    assertEquals(Problem.MALFORMED, e.problem(), "seed " + SEED + ", round " + round);
                }
            }
            for (int length = 0; length < stat.length; length++) {
                byte[] cut = Arrays.copyOf(stat, length);
                FileReply reply = FileReply.decode(server.answer(cut));
                assertEquals(Problem.MALFORMED, ((FileReply.Refused) reply).problem(), "length " + length);
            }
            FileReply reply = FileReply.decode(server.answer(Arrays.copyOf(stat, stat.length + 1)));
            assertEquals(Problem.MALFORMED, ((FileReply.Refused) reply).problem());
        }
    }
}
