package konce.cli;

import org.jspecify.annotations.Nullable;

/// A command that ends without having done what was asked. The message is one line for a person, and says what to do.
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /// The user asked wrongly: exit status 2.
    static CommandException mistake(String message) {
        return new CommandException(Main.EXIT_MISTAKE, message, null);
    }

    /// What was asked did not work out: exit status 1.
    static CommandException failed(String message) {
        return new CommandException(Main.EXIT_FAILED, message, null);
    }

    /// What was asked did not work out, because of something else: exit status 1.
    static CommandException failed(String message, Throwable cause) {
        return new CommandException(Main.EXIT_FAILED, message, cause);
    }

    int exitCode() {
        return exitCode;
    }
}
