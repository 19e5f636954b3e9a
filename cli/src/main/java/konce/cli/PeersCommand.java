package konce.cli;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import konce.cli.store.Home;
import konce.cli.store.PetnameFile;
import konce.cli.store.StoreException;
import konce.names.AddressSyntaxException;
import konce.names.KonceAddress;
import konce.names.Petname;
import konce.names.PetnameBook;
import konce.names.PetnameException;
import konce.protocol.Address;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `konce peers`: the user's petname book.
@Command(
        name = "peers",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Give peers names of your own.",
            "",
            "Your petnames are in ~/.konce/petnames, a text file that you may edit; comments stay. They win over every"
                    + " other kind of name."
        },
        footer = {
            "",
            "Examples:",
            "  konce peers add alice konce1...@192.0.2.7:413 --note \"met in Oslo\"",
            "  konce peers list",
            "  konce peers rename alice anna",
            "  konce peers remove anna"
        })
final class PeersCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    private PeersCommand() {}

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new PeersCommand())
                .addSubcommand(new Add(terminal))
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(new Show(terminal))
                .addSubcommand(new Rename(terminal))
                .addSubcommand(new Remove(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: add, list, show, rename or remove?");
    }

    private static PetnameFile file(Terminal terminal) {
        return new PetnameFile(Home.of(terminal.environment()));
    }

    private static Integer change(Terminal terminal, UnaryOperator<PetnameBook> change)
            throws IOException, StoreException {
        try {
            file(terminal).change(change);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an address: " + e.getMessage());
        } catch (PetnameException e) {
            throw CommandException.mistake(e.getMessage() + "; the book is as it was");
        }
        return Main.EXIT_OK;
    }

    private static JsonLine json(PetnameBook.Entry entry) {
        return new JsonLine()
                .with("name", entry.name())
                .with("key", entry.address().keyText())
                .with(
                        "addresses",
                        entry.address().addresses().stream()
                                .map(Address::toString)
                                .toList())
                .with("note", entry.note());
    }

    /// `konce peers add`.
    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = "Add a name, or with --replace give it another address.")
    static final class Add implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "The petname: a-z, 0-9 and -.")
        String name = "";

        @Parameters(index = "1", paramLabel = "ADDRESS", description = "konce1..., with where it may be found.")
        String address = "";

        @Option(names = "--note", paramLabel = "TEXT", description = "A note beside it.")
        String note = "";

        @Option(names = "--replace", description = "The name is there; give it this address and note.")
        boolean replace;

        Add(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            return change(terminal, book -> {
                PetnameBook.Entry entry =
                        new PetnameBook.Entry(new Petname(name), KonceAddress.parse(address.strip()), note);
                return replace ? book.replaced(entry) : book.with(entry);
            });
        }
    }

    /// `konce peers list`.
    @Command(name = "list", mixinStandardHelpOptions = true, description = "List all names.")
    static final class ListAll implements Callable<Integer> {
        private final Terminal terminal;

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            List<PetnameBook.Entry> entries = file(terminal).load().entries();
            for (PetnameBook.Entry entry : entries) {
                terminal.out().println(json ? json(entry) : entry);
            }
            if (entries.isEmpty() && !json) {
                terminal.err().println("No petnames yet; 'konce peers add NAME ADDRESS' adds one.");
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce peers show`.
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show the address of one name.")
    static final class Show implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "The petname.")
        String name = "";

        @Option(names = "--json", description = "One JSON object on one line.")
        boolean json;

        Show(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            PetnameBook.Entry entry;
            try {
                entry = file(terminal).load().find(new Petname(name));
            } catch (PetnameException e) {
                throw CommandException.mistake(String.valueOf(e.getMessage()));
            }
            if (entry == null) {
                throw CommandException.mistake("'" + name + "' is not in the book; 'konce peers list' shows what is");
            }
            terminal.out().println(json ? json(entry) : entry.address());
            return Main.EXIT_OK;
        }
    }

    /// `konce peers rename`.
    @Command(name = "rename", mixinStandardHelpOptions = true, description = "Give a peer another name.")
    static final class Rename implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "OLD", description = "The name it has.")
        String from = "";

        @Parameters(index = "1", paramLabel = "NEW", description = "The name it shall have.")
        String to = "";

        Rename(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            return change(terminal, book -> book.renamed(new Petname(from), new Petname(to)));
        }
    }

    /// `konce peers remove`.
    @Command(name = "remove", mixinStandardHelpOptions = true, description = "Forget a name.")
    static final class Remove implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name to forget.")
        String name = "";

        Remove(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            return change(terminal, book -> book.without(new Petname(name)));
        }
    }
}
