package konce.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.names.KeyText;
import konce.names.encoding.Key;
import konce.names.ledger.Account;
import konce.names.ledger.Transaction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce account`.
@Command(
        name = "account",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show your account on the ledger: its key, which others send coins to, and what it holds; or send coins.",
            "",
            "Names are paid for with coins. The account's keys derive from your identity; the master key, which owns names"
                    + " and signs for servers, may be another identity's, kept offline."
        },
        footer = {
            "",
            "Examples:",
            "  konce account",
            "  konce account send koncekey1... 12.5",
            "  konce account keys --identity vault      the master and recovery keys of an identity; needs no network"
        })
final class AccountCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    LedgerOptions options = new LedgerOptions();

    @Option(names = "--json", description = "Print one JSON object on one line.")
    boolean json;

    private AccountCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new AccountCommand(terminal))
                .addSubcommand(new Send(terminal))
                .addSubcommand(new Keys(terminal));
    }

    @Override
    public Integer call() throws IOException, StoreException, InterruptedException {
        try (Wallet wallet = Wallet.open(terminal, options)) {
            Account account = wallet.account();
            long grains = account == null ? 0 : account.grains();
            if (json) {
                terminal.out()
                        .println(new JsonLine()
                                .with("account", KeyText.of(wallet.id()))
                                .with("grains", grains)
                                .with("transactions", account == null ? 0 : account.nonce()));
            } else {
                terminal.out().println(KeyText.of(wallet.id()));
                terminal.out()
                        .println("  " + Wallet.coins(grains)
                                + (account == null
                                        ? "; nobody ever sent it any"
                                        : "; " + account.nonce() + " transactions"));
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce account send`.
    @Command(name = "send", mixinStandardHelpOptions = true, description = "Send coins to an account.")
    static final class Send implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its key, koncekey1...")
        String to = "";

        @Parameters(index = "1", paramLabel = "COINS", description = "How many, such as 12.5.")
        String coins = "";

        @Mixin
        LedgerOptions options = new LedgerOptions();

        Send(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException, InterruptedException {
            Key account = LedgerCommand.parse(to);
            long grains = LedgerOptions.coins(coins);
            try (Wallet wallet = Wallet.open(terminal, options)) {
                long height = wallet.submit(
                        new Transaction.TransferCoins(account, grains), null, options.feeGrains(wallet.genesis()));
                terminal.out().println("sent " + Wallet.coins(grains) + ", in block " + height);
            }
            return Main.EXIT_OK;
        }
    }

    /// `konce account keys`.
    @Command(
            name = "keys",
            mixinStandardHelpOptions = true,
            description = "Print the keys of an identity: account, master and recovery. Needs no network.")
    static final class Keys implements Callable<Integer> {
        private final Terminal terminal;

        @Mixin
        IdentityOptions identity = new IdentityOptions();

        Keys(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            try (var vault = konce.crypto.Vault.open(IdCommand.VAULT_BYTES);
                    var open = identity.open(terminal, vault)) {
                for (SigningPurpose purpose :
                        new SigningPurpose[] {SigningPurpose.ACCOUNT, SigningPurpose.MASTER, SigningPurpose.RECOVERY}) {
                    try (var key = open.signingKey(vault, purpose)) {
                        terminal.out()
                                .println(String.format(
                                        java.util.Locale.ROOT,
                                        "%-9s %s",
                                        purpose.name().toLowerCase(java.util.Locale.ROOT),
                                        KeyText.of(Key.of(key.verifyingKey()))));
                    }
                }
            }
            return Main.EXIT_OK;
        }
    }
}
