package konce.cli;

import konce.names.ledger.Coins;
import konce.names.ledger.Genesis;
import konce.protocol.SendOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that changes something on the ledger.
final class LedgerOptions {
    private static final long SECOND = 1_000_000_000L;
    private static final long CONNECT_SECONDS = 10;

    @Mixin
    IdentityOptions identity = new IdentityOptions();

    @Option(
            names = "--fee",
            paramLabel = "COINS",
            description = "What to burn for being taken in (default: the least the ledger takes); more goes first.")
    @Nullable
    String fee;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long a registry may take (default: ${DEFAULT-VALUE}).")
    int timeoutSeconds = 60;

    SendOptions sendOptions() {
        if (timeoutSeconds < 1 || timeoutSeconds > 3_600) {
            throw CommandException.mistake("--timeout is in 1..3600 seconds");
        }
        return SendOptions.REQUEST
                .withConnectTimeout(CONNECT_SECONDS * SECOND)
                .withReplyTimeout(timeoutSeconds * SECOND);
    }

    /// What a transaction shall burn.
    long feeGrains(Genesis genesis) {
        return fee == null ? genesis.parameters().feeGrainsMin() : coins(fee);
    }

    /// The grains of an amount of coins.
    static long coins(String text) {
        try {
            return Coins.parse(text);
        } catch (IllegalArgumentException e) {
            throw CommandException.mistake(String.valueOf(e.getMessage()));
        }
    }
}
