package konce.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import konce.cli.files.Entry;
import konce.cli.files.FileException;
import konce.cli.store.StoreException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce ls`.
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "List the files of a peer that runs 'konce serve --files DIR'.",
        footer = {"", "Examples:", "  konce ls alice", "  konce ls alice:inbox --json"})
final class ListCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            index = "0",
            paramLabel = "PEER[:path]",
            description = "A petname or an address, and a directory there.")
    String place = "";

    @Option(names = "--json", description = "One JSON object a line.")
    boolean json;

    @Mixin
    PeerOptions options = new PeerOptions();

    ListCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        RemotePath remote = RemotePath.parseOrPeer(place);
        if (remote == null) {
            throw CommandException.mistake("'" + Terminal.harmless(place) + "' is no PEER:path");
        }
        return list(terminal, options, remote, json);
    }

    /// Prints what is at a place.
    static Integer list(Terminal terminal, PeerOptions options, RemotePath place, boolean json)
            throws IOException, StoreException {
        try (PeerSession session = PeerSession.open(terminal, options, place.peer());
                ProgressBar progress = ProgressBar.ofBytes(terminal)) {
            List<Entry> entries = session.files(options, progress).list(place.path());
            for (Entry entry : entries) {
                terminal.out().println(json ? json(entry) : line(entry));
            }
            return Main.EXIT_OK;
        } catch (FileException e) {
            throw CopyCommand.refused(e);
        }
    }

    private static JsonLine json(Entry entry) {
        return new JsonLine()
                .with("name", entry.name())
                .with("directory", entry.directory())
                .with("size", entry.size())
                .with("modified", Instant.ofEpochMilli(entry.modifiedMillis()));
    }

    private static String line(Entry entry) {
        String size = entry.directory() ? "" : ProgressBar.bytes(entry.size());
        String name = Terminal.harmless(entry.name()) + (entry.directory() ? "/" : "");
        return String.format(
                Locale.ROOT, "%-20s  %10s  %s", Instant.ofEpochSecond(entry.modifiedMillis() / 1000), size, name);
    }
}
