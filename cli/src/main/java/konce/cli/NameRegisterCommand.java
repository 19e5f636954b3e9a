package konce.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import konce.cli.store.SigningPurpose;
import konce.cli.store.StoreException;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.Rule;
import konce.names.ledger.Transaction;
import konce.node.store.CheckedFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce name register`.
@Command(
        name = "register",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Take a name that nobody has.",
            "",
            "It is announced first, without saying which it is, and taken when the announcement is old enough: so"
                    + " nobody who sees it coming can be faster. Interrupted, the same command goes on where it stopped."
        })
final class NameRegisterCommand implements Callable<Integer> {
    private static final long MILLIS = 1_000;
    private static final int BYTES_MAX = 512;

    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "NAME", description = "1 to 63 of a-z, 0-9 and -, with no - first or last.")
    String text = "";

    @Option(
            names = "--years",
            paramLabel = "N",
            defaultValue = "1",
            description = "Years of rent to pay, 1 to 10 (default: ${DEFAULT-VALUE}).")
    int years = 1;

    @Option(
            names = "--master",
            paramLabel = "KEY",
            description =
                    "The master key, koncekey1..., that shall own it (default: your identity's; 'konce account keys"
                            + " --identity ID' prints those of one that is kept offline).")
    @Nullable
    String master;

    @Option(
            names = "--recovery",
            paramLabel = "KEY",
            description = "A key that can replace a lost master key, after a delay (default: none).")
    @Nullable
    String recovery;

    @Mixin
    LedgerOptions options = new LedgerOptions();

    NameRegisterCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /// A registration under way.
    ///
    /// @param announcedSeconds when it was announced; 0: it is not known to be
    record Announced(
            Name name,
            Key account,
            Hash salt,
            Key master,
            @Nullable Key recovery,
            int years,
            long announcedSeconds) {
        Announced at(long seconds) {
            return new Announced(name, account, salt, master, recovery, years, seconds);
        }

        Transaction.Reveal reveal() {
            return new Transaction.Reveal(name, salt, master, recovery, years);
        }

        byte[] encode() {
            ByteWriter out = new ByteWriter();
            name.write(out);
            return out.key(account)
                    .hash(salt)
                    .key(master)
                    .optionalKey(recovery)
                    .u8(years)
                    .u63(announcedSeconds)
                    .toBytes();
        }

        static Announced read(ByteReader in) throws MalformedException {
            return new Announced(Name.read(in), in.key(), in.hash(), in.key(), in.optionalKey(), in.u8(), in.u63());
        }
    }

    @Override
    public Integer call() throws IOException, StoreException, InterruptedException {
        Name name = NameCommand.parse(text);
        if (years < 1 || years > NameRecord.YEARS_MAX) {
            throw CommandException.mistake("--years is in 1.." + NameRecord.YEARS_MAX);
        }
        try (Wallet wallet = Wallet.open(terminal, options)) {
            Path file = fileOf(wallet, name);
            Announced announced = kept(file);
            if (announced == null || !announced.account().equals(wallet.id())) {
                announced = begin(wallet, name);
                CheckedFile.replace(file, announced.encode());
            } else {
                terminal.err().println("going on with the registration of " + name + " that was begun before");
            }
            long height = register(wallet, file, announced);
            Files.deleteIfExists(file);
            terminal.out().println(name + " is yours, since block " + height);
            terminal.err().println("'konce name bind " + name + " ADDRESS' says where its server is.");
        }
        return Main.EXIT_OK;
    }

    private static Path fileOf(Wallet wallet, Name name) throws IOException {
        Path folder = wallet.session().home().directory().resolve("registering");
        Files.createDirectories(folder);
        return folder.resolve(name.text());
    }

    private static @Nullable Announced kept(Path file) throws IOException {
        return Files.exists(file)
                        && Decoded.of(CheckedFile.read(file), BYTES_MAX, Announced::read)
                                instanceof Decoded.Value<Announced>(Announced announced)
                ? announced
                : null;
    }

    private Announced begin(Wallet wallet, Name name) throws IOException, InterruptedException {
        NameRecord record = wallet.name(name);
        if (record != null
                && record.status(NameSession.nowSeconds(), wallet.genesis().parameters()) != NameRecord.Status.FREE) {
            throw CommandException.failed(name + " belongs to somebody; 'konce name show " + name + "' has more");
        }
        Key owner = master == null ? wallet.keyFor(SigningPurpose.MASTER) : LedgerCommand.parse(master);
        Key second = recovery == null ? null : LedgerCommand.parse(recovery);
        return new Announced(name, wallet.id(), wallet.randomHash(), owner, second, years, 0);
    }

    private long register(Wallet wallet, Path file, Announced begun) throws IOException, InterruptedException {
        Announced announced = begun;
        long waitSeconds = wallet.genesis().parameters().commitSecondsMin();
        while (true) {
            if (announced.announcedSeconds() == 0) {
                announce(wallet, announced);
                announced = announced.at(NameSession.nowSeconds());
                CheckedFile.replace(file, announced.encode());
            }
            await(announced.announcedSeconds(), announced.announcedSeconds() + waitSeconds);
            try {
                return wallet.submit(announced.reveal(), null, options.feeGrains(wallet.genesis()));
            } catch (BrokenRuleException e) {
                if (e.rule() == Rule.COMMITMENT_TOO_YOUNG) {
                    waitSeconds++;
                } else if (e.rule() == Rule.COMMITMENT_TOO_OLD || e.rule() == Rule.COMMITMENT_UNKNOWN) {
                    announced = announced.at(0);
                } else {
                    throw e;
                }
            }
        }
    }

    private void announce(Wallet wallet, Announced announced) throws IOException, InterruptedException {
        try {
            long height = wallet.submit(
                    new Transaction.Commit(
                            Transaction.commitment(announced.account(), announced.name(), announced.salt())),
                    null,
                    options.feeGrains(wallet.genesis()));
            terminal.err().println("announced, without saying what, in block " + height);
        } catch (BrokenRuleException e) {
            if (e.rule() != Rule.COMMITMENT_EXISTS) {
                throw e;
            }
        }
    }

    private void await(long fromSeconds, long untilSeconds) throws InterruptedException {
        try (ProgressBar bar = ProgressBar.ofPieces(terminal)) {
            for (long now = NameSession.nowSeconds(); now < untilSeconds; now = NameSession.nowSeconds()) {
                bar.at("waiting", now - fromSeconds, untilSeconds - fromSeconds);
                Wallet.pause(Math.min(MILLIS / 4, (untilSeconds - now) * MILLIS));
            }
        }
    }
}
