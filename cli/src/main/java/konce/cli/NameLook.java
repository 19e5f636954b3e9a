package konce.cli;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import konce.names.KeyText;
import konce.names.encoding.Key;
import konce.names.ledger.Entry;
import konce.names.ledger.Genesis;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.Pending;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.protocol.SendOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands that look at names and change nothing.
final class NameLook {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private NameLook() {}

    /// A time for people.
    static String date(long seconds) {
        return DATE.format(Instant.ofEpochSecond(seconds));
    }

    /// What the ledger says of a name now, proven.
    ///
    /// @throws CommandException when nobody ever had it
    static NameRecord recordOf(NameSession session, Name name) throws IOException, InterruptedException {
        if (session.resolver().prove(Entry.placeOf(name)) instanceof NameRecord found) {
            return found.at(NameSession.nowSeconds());
        }
        throw CommandException.failed("nobody ever had the name " + name);
    }

    /// What waits with a name, for people; empty: nothing.
    static String pending(Pending pending) {
        return switch (pending) {
            case Pending.None _ -> "";
            case Pending.Transfer(Key to, var _, long at) -> "goes to " + KeyText.of(to) + " on " + date(at);
            case Pending.Offer offer ->
                "for sale at " + Wallet.coins(offer.grains()) + " from " + date(offer.fromSeconds()) + " to "
                        + date(offer.untilSeconds());
            case Pending.Recovery(Key to, long at) ->
                "is being recovered: its master key becomes " + KeyText.of(to) + " on " + date(at);
            case Pending.RecoveryChange(Key to, long at) ->
                "its recovery key becomes " + (to == null ? "none" : KeyText.of(to)) + " on " + date(at);
        };
    }

    /// `konce name show`.
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show what the ledger says of a name.")
    static final class Show implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name.")
        String text = "";

        @Option(names = "--json", description = "Print one JSON object on one line.")
        boolean json;

        Show(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            Name name = NameCommand.parse(text);
            try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
                NameRecord record = recordOf(session, name);
                Genesis genesis = session.home().genesis();
                NameRecord.Status status = record.status(NameSession.nowSeconds(), genesis.parameters());
                if (json) {
                    terminal.out().println(json(record, status));
                } else {
                    print(record, status);
                }
            }
            return Main.EXIT_OK;
        }

        private static @Nullable String text(@Nullable Key key) {
            return key == null ? null : KeyText.of(key);
        }

        private static JsonLine json(NameRecord record, NameRecord.Status status) {
            return new JsonLine()
                    .with("name", record.name())
                    .with("status", status)
                    .with("master", KeyText.of(record.master()))
                    .with("recovery", text(record.recovery()))
                    .with("owner", record.owner())
                    .with("sequence", record.sequence())
                    .with("since", record.sinceSeconds())
                    .with("expires", record.expiresSeconds())
                    .with("roles", record.roles())
                    .with("pending", pending(record.pending()));
        }

        private void print(NameRecord record, NameRecord.Status status) {
            terminal.out()
                    .println(terminal.bold(record.name().text()) + "  "
                            + switch (status) {
                                case ACTIVE -> terminal.green("somebody's");
                                case GRACE -> terminal.red("its rent has ended; its owner can still renew it");
                                case FREE -> "free to be registered";
                            });
            terminal.out().println("  master    " + KeyText.of(record.master()));
            if (record.recovery() != null) {
                terminal.out().println("  recovery  " + KeyText.of(record.recovery()));
            }
            terminal.out().println("  owner     number " + record.owner() + ", since " + date(record.sinceSeconds()));
            terminal.out().println("  rent      paid until " + date(record.expiresSeconds()));
            if (!pending(record.pending()).isEmpty()) {
                terminal.out().println("  " + terminal.red("waits     ") + pending(record.pending()));
            }
        }
    }

    /// `konce name search`.
    @Command(
            name = "search",
            mixinStandardHelpOptions = true,
            description = "List registered names that begin with a text. This is a registry's word, without proof.")
    static final class Search implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", arity = "0..1", paramLabel = "TEXT", description = "How they begin (default: any).")
        String prefix = "";

        Search(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (prefix.length() > RegistryRequest.SEARCH_CHARS_MAX) {
                throw CommandException.mistake("no name is so long");
            }
            try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
                if (!(session.registries().ask(new RegistryRequest.Search(prefix, ""))
                        instanceof RegistryReply.Names found)) {
                    throw CommandException.failed("the registry answered something else");
                }
                found.names().forEach(terminal.out()::println);
                if (found.more()) {
                    terminal.err().println("and more; give more of the beginning");
                }
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce name price`.
    @Command(
            name = "price",
            mixinStandardHelpOptions = true,
            description = "Say what a name costs, and whether it can be had.")
    static final class Price implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name.")
        String text = "";

        @Option(names = "--years", paramLabel = "N", defaultValue = "1", description = "Years of rent (default: 1).")
        int years = 1;

        Price(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            Name name = NameCommand.parse(text);
            if (years < 1 || years > NameRecord.YEARS_MAX) {
                throw CommandException.mistake("--years is in 1.." + NameRecord.YEARS_MAX);
            }
            try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
                Genesis genesis = session.home().genesis();
                NameRecord record = session.resolver().prove(Entry.placeOf(name)) instanceof NameRecord found
                        ? found.at(NameSession.nowSeconds())
                        : null;
                boolean free = record == null
                        || record.status(NameSession.nowSeconds(), genesis.parameters()) == NameRecord.Status.FREE;
                terminal.out()
                        .println(name + "  " + Wallet.coins(genesis.parameters().rent(name, years)) + " for " + years
                                + (years == 1 ? " year  " : " years  ") + (free ? "free" : "somebody's"));
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce name history`.
    @Command(
            name = "history",
            mixinStandardHelpOptions = true,
            description = "List the transactions about a name, the newest first. This is a registry's word.")
    static final class History implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "The name.")
        String text = "";

        History(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            Name name = NameCommand.parse(text);
            try (NameSession session = NameSession.open(terminal, SendOptions.REQUEST)) {
                boolean more = true;
                int shown = 0;
                while (more) {
                    if (!(session.registries().ask(new RegistryRequest.History(name, shown))
                            instanceof RegistryReply.OfHistory page)) {
                        throw CommandException.failed("the registry answered something else");
                    }
                    page.transactions().forEach(this::print);
                    shown += page.transactions().size();
                    more = page.more() && !page.transactions().isEmpty();
                }
                if (shown == 0) {
                    terminal.err().println("nothing ever happened to " + name);
                }
            }
            return Main.EXIT_OK;
        }

        private void print(RegistryReply.Placed placed) {
            terminal.out()
                    .println(date(placed.timeSeconds()) + "  block " + placed.height() + "  "
                            + words(placed.transaction().transaction()));
        }
    }

    /// What a transaction does, for people.
    static String words(Transaction transaction) {
        return switch (transaction) {
            case Transaction.TransferCoins(Key to, long grains) -> Wallet.coins(grains) + " to " + KeyText.of(to);
            case Transaction.Commit _ -> "announces a registration";
            case Transaction.Reveal reveal ->
                "registered for " + reveal.years() + " years by " + KeyText.of(reveal.master());
            case Transaction.Renew(var _, int years) -> "rent paid for " + years + " more years";
            case Transaction.TransferName transfer -> "transfer to " + KeyText.of(transfer.master()) + " begins";
            case Transaction.OfferName offer -> "offered for " + Wallet.coins(offer.grains());
            case Transaction.BuyName buy ->
                "bought for " + Wallet.coins(buy.grains()) + " by " + KeyText.of(buy.master());
            case Transaction.CallOff _ -> "what waited was called off";
            case Transaction.SetMaster set -> "master key becomes " + KeyText.of(set.master());
            case Transaction.SetRecovery set ->
                "recovery key: " + (set.recovery() == null ? "none" : KeyText.of(set.recovery()));
            case Transaction.Recover recover -> "recovery to " + KeyText.of(recover.master()) + " begins";
            case Transaction.Designate given -> "role " + given.role() + " given to " + KeyText.of(given.key());
            case Transaction.Withdraw taken -> "role " + taken.role() + " taken back";
        };
    }
}
