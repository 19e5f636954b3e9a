package konce.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.Function;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.Pending;
import konce.names.ledger.Transaction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The commands that change a name.
final class NameChange {
    private static final long DAY = 86_400;

    private NameChange() {}

    /// What they share: a name, and what is to be done with it.
    static final class Change {
        @Parameters(index = "0", paramLabel = "NAME", description = "The name.")
        String text = "";

        @Mixin
        LedgerOptions options = new LedgerOptions();

        /// Submits what `make` makes of the name's record, and says what became of the name.
        ///
        /// @param purpose whose key authorizes it; null where none must
        int run(Terminal terminal, @Nullable SigningPurpose purpose, Function<NameRecord, Transaction> make)
                throws IOException, StoreException, InterruptedException {
            Name name = NameCommand.parse(text);
            try (Wallet wallet = Wallet.open(terminal, options)) {
                Transaction transaction = make.apply(wallet.owned(name));
                long height = wallet.submit(transaction, purpose, options.feeGrains(wallet.genesis()));
                terminal.out().println(name + ": " + NameLook.words(transaction) + ", in block " + height);
                NameRecord after = wallet.name(name);
                String waits = after == null ? "" : NameLook.pending(after.pending());
                if (!waits.isEmpty()) {
                    terminal.err()
                            .println(name + " " + waits + "; until then 'konce name call-off " + name + "' stops it");
                }
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce name renew`.
    @Command(name = "renew", mixinStandardHelpOptions = true, description = "Pay rent. Anyone may, for any name.")
    static final class Renew implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Option(names = "--years", paramLabel = "N", defaultValue = "1", description = "How many (default: 1).")
        int years = 1;

        Renew(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            if (years < 1 || years > NameRecord.YEARS_MAX) {
                throw CommandException.mistake("--years is in 1.." + NameRecord.YEARS_MAX);
            }
            return change.run(terminal, null, record -> new Transaction.Renew(record.name(), years));
        }
    }

    /// `konce name transfer`.
    @Command(
            name = "transfer",
            mixinStandardHelpOptions = true,
            description =
                    "Give a name to another owner. It takes effect after a lock, and can be called off until then.")
    static final class Transfer implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Parameters(index = "1", paramLabel = "KEY", description = "The new owner's master key, koncekey1...")
        String to = "";

        @Option(names = "--recovery", paramLabel = "KEY", description = "The new owner's recovery key (default: none).")
        @Nullable
        String recovery;

        Transfer(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            return change.run(
                    terminal,
                    SigningPurpose.MASTER,
                    record -> new Transaction.TransferName(
                            record.name(),
                            record.sequence(),
                            LedgerCommand.parse(to),
                            recovery == null ? null : LedgerCommand.parse(recovery)));
        }
    }

    /// `konce name sell`.
    @Command(
            name = "sell",
            mixinStandardHelpOptions = true,
            description =
                    "Offer a name for coins. It can be bought after a lock, and the offer called off until it is.")
    static final class Sell implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Parameters(index = "1", paramLabel = "COINS", description = "The price, such as 12.5.")
        String coins = "";

        @Option(
                names = "--days",
                paramLabel = "N",
                defaultValue = "30",
                description = "How long it is on offer (default: ${DEFAULT-VALUE}).")
        int days = 30;

        @Option(names = "--payee", paramLabel = "ACCOUNT", description = "The account that is paid (default: yours).")
        @Nullable
        String payee;

        Sell(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            if (days < 1 || days > 3_650) {
                throw CommandException.mistake("--days is in 1..3650");
            }
            long grains = LedgerOptions.coins(coins);
            Name name = NameCommand.parse(change.text);
            try (Wallet wallet = Wallet.open(terminal, change.options)) {
                NameRecord record = wallet.owned(name);
                long height = wallet.submit(
                        new Transaction.OfferName(
                                name,
                                record.sequence(),
                                grains,
                                payee == null ? wallet.id() : LedgerCommand.parse(payee),
                                NameSession.nowSeconds() + days * DAY),
                        SigningPurpose.MASTER,
                        change.options.feeGrains(wallet.genesis()));
                NameRecord after = wallet.owned(name);
                terminal.out().println(name + " " + NameLook.pending(after.pending()) + ", in block " + height);
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce name buy`.
    @Command(
            name = "buy",
            mixinStandardHelpOptions = true,
            description =
                    "Buy a name that is offered: coins and name change hands in one transaction, or nothing does.")
    static final class Buy implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Parameters(index = "1", paramLabel = "COINS", description = "The price you agree to; another is refused.")
        String coins = "";

        Buy(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            long grains = LedgerOptions.coins(coins);
            Name name = NameCommand.parse(change.text);
            try (Wallet wallet = Wallet.open(terminal, change.options)) {
                NameRecord record = wallet.owned(name);
                if (!(record.pending() instanceof Pending.Offer offer)) {
                    throw CommandException.failed(name + " is not for sale");
                }
                if (offer.grains() != grains) {
                    throw CommandException.failed(name + " costs " + Wallet.coins(offer.grains()));
                }
                long height = wallet.submit(
                        new Transaction.BuyName(
                                name, record.sequence(), grains, wallet.keyFor(SigningPurpose.MASTER), null),
                        null,
                        change.options.feeGrains(wallet.genesis()));
                terminal.out().println(name + " is yours, since block " + height);
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce name role`.
    @Command(
            name = "role",
            mixinStandardHelpOptions = true,
            description = "Give a role of a name to a key, as in ceo@shop, or take it back.")
    static final class Role implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Parameters(index = "1", paramLabel = "ROLE", description = "What it is called, spelled as names are.")
        String role = "";

        @Parameters(
                index = "2",
                arity = "0..1",
                paramLabel = "KEY",
                description = "The master key of who shall hold it; without one it is taken back.")
        @Nullable
        String key;

        Role(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            Name called = NameCommand.parse(role);
            return change.run(
                    terminal,
                    SigningPurpose.MASTER,
                    record -> key == null
                            ? new Transaction.Withdraw(called, record.name(), record.sequence())
                            : new Transaction.Designate(
                                    called, record.name(), record.sequence(), LedgerCommand.parse(key)));
        }
    }

    /// `konce name recover`.
    @Command(
            name = "recover",
            mixinStandardHelpOptions = true,
            description = {
                "Replace a name's master key.",
                "",
                "With the master key itself it is done at once. With --lost the recovery key does it, after a delay in"
                        + " which the master key can call it off. --set-recovery names another recovery key."
            })
    static final class Recover implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Parameters(index = "1", arity = "0..1", paramLabel = "KEY", description = "The new master key.")
        @Nullable
        String master;

        @Option(names = "--lost", description = "The master key is lost: use this identity's recovery key.")
        boolean lost;

        @Option(names = "--set-recovery", paramLabel = "KEY", description = "The new recovery key; 'none' removes it.")
        @Nullable
        String recovery;

        Recover(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            if ((master == null) == (recovery == null) || (lost && master == null)) {
                throw CommandException.mistake("give either a new master KEY, or --set-recovery KEY");
            }
            return change.run(terminal, lost ? SigningPurpose.RECOVERY : SigningPurpose.MASTER, this::transaction);
        }

        private Transaction transaction(NameRecord record) {
            if (master == null) {
                return new Transaction.SetRecovery(
                        record.name(),
                        record.sequence(),
                        recovery == null || recovery.equals("none") ? null : LedgerCommand.parse(recovery));
            }
            return lost
                    ? new Transaction.Recover(record.name(), record.sequence(), LedgerCommand.parse(master))
                    : new Transaction.SetMaster(record.name(), record.sequence(), LedgerCommand.parse(master));
        }
    }

    /// `konce name call-off`.
    @Command(
            name = "call-off",
            mixinStandardHelpOptions = true,
            description = "Call off what waits with a name: a transfer, an offer, a recovery, another recovery key.")
    static final class CallOff implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        Change change = new Change();

        @Option(names = "--with-recovery-key", description = "Authorize it with the recovery key.")
        boolean withRecovery;

        CallOff(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            return change.run(
                    terminal,
                    withRecovery ? SigningPurpose.RECOVERY : SigningPurpose.MASTER,
                    record -> new Transaction.CallOff(record.name(), record.sequence()));
        }
    }
}
