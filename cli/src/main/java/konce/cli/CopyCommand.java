package konce.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import konce.cli.files.FileClient;
import konce.cli.files.FileException;
import konce.cli.store.StoreException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce copy`.
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Copy a file from or to a peer that runs 'konce serve --files DIR'.",
            "",
            "One side is PEER:path, the other a path here. An interrupted copy leaves NAME.part and NAME.part.state; the"
                    + " same command goes on from there. At the end the whole file's hash is compared. Nothing is written"
                    + " over without --overwrite."
        },
        footer = {
            "",
            "Examples:",
            "  konce copy alice:film.mkv .",
            "  konce copy report.pdf alice:inbox/report.pdf",
            "  konce copy konce1...@192.0.2.7:413:film.mkv /tmp/film.mkv",
            "  konce copy alice:                     lists what there is, as 'konce ls alice' does"
        })
final class CopyCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "SRC", description = "PEER:path, or a file here.")
    String source = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "DST", description = "A path here, or PEER:path.")
    @Nullable
    String target;

    @Option(names = "--overwrite", description = "A file that is there already may go.")
    boolean overwrite;

    @Option(names = "--json", description = "Print the result as one JSON object on one line.")
    boolean json;

    @Mixin
    PeerOptions options = new PeerOptions();

    CopyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        RemotePath from = RemotePath.parse(source);
        if (target == null) {
            if (from == null) {
                throw CommandException.mistake(
                        "copy it where? 'konce copy " + Terminal.harmless(source) + " PEER:path'");
            }
            return ListCommand.list(terminal, options, from, json);
        }
        RemotePath to = RemotePath.parse(target);
        if ((from == null) == (to == null)) {
            throw CommandException.mistake("one of the two is PEER:path, the other a path here");
        }
        String peer = from != null ? from.peer() : String.valueOf(to == null ? null : to.peer());
        try (PeerSession session = PeerSession.open(terminal, options, peer);
                ProgressBar progress = ProgressBar.ofBytes(terminal)) {
            FileClient files = session.files(options, progress);
            long start = System.nanoTime();
            FileClient.Transferred moved;
            String name;
            if (from != null) {
                Path here = here(Path.of(target), from.path());
                moved = files.download(from.path(), here, overwrite);
                name = here.toString();
            } else {
                String there = there(files, to == null ? "" : to.path());
                moved = files.upload(Path.of(source), there, overwrite);
                name = peer + ":" + there;
            }
            progress.wipe();
            report(name, moved, (System.nanoTime() - start) / 1e9);
            return Main.EXIT_OK;
        } catch (FileException e) {
            throw refused(e);
        }
    }

    /// A refusal as a line for people: the user's mistake where another path would help.
    static CommandException refused(FileException e) {
        String text = Terminal.harmless(String.valueOf(e.getMessage()));
        return switch (e.problem()) {
            case NOT_FOUND, BAD_PATH -> CommandException.mistake(text);
            case EXISTS -> CommandException.mistake(text + "; --overwrite replaces it");
            case NOT_ALLOWED, CHANGED, HASH_MISMATCH, BUSY, STORAGE_FAILED, MALFORMED, INCOMPLETE ->
                CommandException.failed(text, e);
        };
    }

    private static Path here(Path target, String remote) {
        String name = remote.substring(remote.lastIndexOf('/') + 1);
        return Files.isDirectory(target) ? target.resolve(name) : target;
    }

    private String there(FileClient files, String path) throws IOException {
        String name = String.valueOf(Path.of(source).getFileName());
        if (path.isEmpty()) {
            return name;
        }
        if (path.endsWith("/")) {
            return path + name;
        }
        return files.isDirectory(path) ? path + "/" + name : path;
    }

    private void report(String name, FileClient.Transferred moved, double seconds) {
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("file", name)
                            .with("bytes", moved.size())
                            .with("movedBytes", moved.movedBytes())
                            .with("seconds", seconds));
        } else {
            String again = moved.movedBytes() == moved.size()
                    ? ""
                    : " (" + ProgressBar.bytes(moved.size() - moved.movedBytes()) + " were there from before)";
            terminal.out()
                    .println(Terminal.harmless(name) + ": " + ProgressBar.bytes(moved.size()) + " in "
                            + String.format(Locale.ROOT, "%.2f s", seconds) + again + ", hash compared");
        }
    }
}
