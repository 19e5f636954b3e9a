package konce.cli;

import konce.names.ledger.Name;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `konce name`: what can be done with names of the ledger.
@Command(
        name = "name",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Register names, and say where their servers are.",
            "",
            "A name has an owner on the ledger, and its owner signs short-lived bindings that say which server it is. Your"
                    + " own petnames still come first."
        },
        footer = {
            "",
            "Examples:",
            "  konce name register shop                   announce it, wait, take it: a minute or two",
            "  konce name bind shop konce1...@192.0.2.7:413",
            "  konce send shop hello                      from anywhere",
            "  konce resolve shop --explain               every check, its inputs and its result"
        })
final class NameCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    private NameCommand() {}

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new NameCommand())
                .addSubcommand(new NameRegisterCommand(terminal))
                .addSubcommand(new NameBindCommand(terminal))
                .addSubcommand(new NameBindCommand.Publish(terminal))
                .addSubcommand(new NameLook.Show(terminal))
                .addSubcommand(new NameLook.Search(terminal))
                .addSubcommand(new NameLook.Price(terminal))
                .addSubcommand(new NameLook.History(terminal))
                .addSubcommand(new NameChange.Renew(terminal))
                .addSubcommand(new NameChange.Transfer(terminal))
                .addSubcommand(new NameChange.Sell(terminal))
                .addSubcommand(new NameChange.Buy(terminal))
                .addSubcommand(new NameChange.Role(terminal))
                .addSubcommand(new NameChange.Recover(terminal))
                .addSubcommand(new NameChange.CallOff(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Which one: register, bind, publish, show, search, price, history, renew, transfer, sell, buy, role,"
                        + " recover or call-off?");
    }

    /// The name of a text.
    static Name parse(String text) {
        Name name = Name.parse(text);
        if (name == null) {
            throw CommandException.mistake("'" + Terminal.harmless(text)
                    + "' is no name: a name has 1 to 63 of a-z, 0-9 and -, with no - first or last");
        }
        return name;
    }
}
