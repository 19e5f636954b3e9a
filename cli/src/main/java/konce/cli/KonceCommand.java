package konce.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The root of all commands.
@Command(
        name = "konce",
        mixinStandardHelpOptions = true,
        version = "konce 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Send a message to a key, and get an answer or a reason.",
            "",
            "Konce replaces TCP, TLS, DNS and certificate authorities between two parties who both run it. A peer is a"
                    + " key and a place; an address is text that holds both, and your own petnames stand for addresses."
        },
        footer = {
            "",
            "Examples:",
            "  konce demo                          see everything once, nothing to set up",
            "  konce serve --echo                  be a server; prints its address",
            "  konce send konce1...@192.0.2.7:413 hello",
            "  konce peers add alice konce1...@192.0.2.7:413",
            "  konce send alice hello",
            "",
            "Environment:",
            "  KONCE_HOME        where identities and petnames are (default: ~/.konce)",
            "  KONCE_PASSPHRASE  the passphrase of the identity in use",
            "  NO_COLOR          no colours, if set",
            "",
            "Exit status: 0 done, 1 not done, 2 asked wrongly."
        })
final class KonceCommand implements Runnable {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show where an error came from.")
    boolean debug;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which command? 'konce demo' shows what there is");
    }
}
