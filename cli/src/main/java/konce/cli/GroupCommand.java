package konce.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import konce.cli.store.Group;
import konce.cli.store.Groups;
import konce.cli.store.Home;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.Invitation;
import konce.protocol.Address;
import konce.protocol.Limits;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `konce group`: the private groups this user's servers are the gate of.
@Command(
        name = "group",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Make private groups, and invite people to them.",
            "",
            "A private group is served by 'konce serve --group NAME', and found by those alone who hold an invitation: a"
                    + " text to be sent to one person, or to several. Whoever has none meets a server like any other, and"
                    + " cannot tell that there is a group. The first keys that use an invitation are its members; to all"
                    + " others it is worth nothing from then on."
        },
        footer = {
            "",
            "Examples:",
            "  konce group create family",
            "  konce group invite family --label anna --at 192.0.2.7:413",
            "  konce serve --group family",
            "  konce send konceg1...@192.0.2.7:413 hello",
            "  konce group revoke family 1"
        })
final class GroupCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before it runs
    CommandSpec spec;

    private GroupCommand() {}

    static CommandLine tree(Terminal terminal) {
        return new CommandLine(new GroupCommand())
                .addSubcommand(new Create(terminal))
                .addSubcommand(new Invite(terminal))
                .addSubcommand(new ListAll(terminal))
                .addSubcommand(new Revoke(terminal));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which one: create, invite, list or revoke?");
    }

    private static Groups groups(Terminal terminal) {
        return new Groups(Home.of(terminal.environment()));
    }

    /// `konce group create`.
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Make a group. Its keys follow from the identity that serves it.")
    static final class Create implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "NAME", description = "Its name, for you alone: a-z, 0-9 and -.")
        String name = "";

        @Mixin
        IdentityOptions identity = new IdentityOptions();

        Create(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            SystemRandom random = new SystemRandom();
            try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                    Identity owner = identity.open(terminal, vault)) {
                String salt = HexFormat.of().toHexDigits(random.nextLong())
                        + HexFormat.of().toHexDigits(random.nextLong());
                groups(terminal).create(new Group(name, owner.name(), salt, List.of()));
            }
            terminal.out()
                    .println("Made group '" + name + "'. 'konce group invite " + name
                            + "' makes invitations, 'konce serve" + " --group " + name + "' serves it.");
            return Main.EXIT_OK;
        }
    }

    /// `konce group invite`.
    @Command(
            name = "invite",
            mixinStandardHelpOptions = true,
            description = {
                "Make an invitation, and print it: whoever has the text may use it, until as many keys have as it is for.",
                "",
                "A server that runs takes it up within a few seconds."
            })
    static final class Invite implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
        String name = "";

        @Option(names = "--keys", paramLabel = "N", description = "How many keys it is for (default: 1).")
        int keys = 1;

        @Option(names = "--label", paramLabel = "WORD", description = "Your own word for it, one word.")
        String label = "-";

        @Option(
                names = "--at",
                paramLabel = "IP:PORT",
                description = "Where the server is found; may be given several times.")
        List<String> at = new ArrayList<>();

        @Option(names = "--again", paramLabel = "N", description = "Print invitation N once more, and make none.")
        int again;

        @Mixin
        IdentityOptions identity = new IdentityOptions();

        Invite(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            if (keys < 1 || keys > Limits.GROUP_MEMBERS_MAX) {
                throw CommandException.mistake("--keys is in 1.." + Limits.GROUP_MEMBERS_MAX);
            }
            if (label.isEmpty() || label.codePoints().anyMatch(c -> Character.isWhitespace(c) || c < 32)) {
                throw CommandException.mistake("--label is one word");
            }
            List<Address> addresses = addresses();
            Groups groups = groups(terminal);
            Group before = groups.load(name);
            identity.name = before.identity();
            try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                    Identity owner = identity.open(terminal, vault)) {
                Group group = again > 0
                        ? before.change(again, guest -> guest)
                        : groups.change(name, old -> old.invite(keys, label));
                int number = again > 0 ? again : group.invitations().size();
                if (group.invitations().get(number - 1).withdrawn()) {
                    throw CommandException.mistake("invitation " + number + " was withdrawn");
                }
                try (SecretKey key = group.key(vault, owner);
                        Secret secret = group.secret(vault, owner, number)) {
                    terminal.out().println(new Invitation(key.publicKey(), secret, addresses).toText());
                    terminal.err().println("This is invitation " + number + " to group '" + name + "'.");
                }
            }
            return Main.EXIT_OK;
        }

        private List<Address> addresses() {
            try {
                return at.stream().map(Address::parse).toList();
            } catch (IllegalArgumentException e) {
                throw CommandException.mistake("--at: " + e.getMessage());
            }
        }
    }

    /// `konce group list`.
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the groups, or the invitations and members of one.")
    static final class ListAll implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", arity = "0..1", paramLabel = "GROUP", description = "The group.")
        String name = "";

        @Option(names = "--json", description = "One JSON object a line.")
        boolean json;

        ListAll(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            Groups groups = groups(terminal);
            if (!name.isEmpty()) {
                groups.load(name).invitations().forEach(this::print);
                return Main.EXIT_OK;
            }
            for (String each : groups.list()) {
                Group group = groups.load(each);
                long open = group.invitations().stream()
                        .filter(guest -> !guest.withdrawn())
                        .count();
                terminal.out()
                        .println(
                                json
                                        ? new JsonLine()
                                                .with("name", each)
                                                .with("identity", group.identity())
                                                .with("invitations", open)
                                        : each + "  identity " + group.identity() + ", " + open + " invitations");
            }
            return Main.EXIT_OK;
        }

        private void print(Group.Guest guest) {
            int used = guest.members().size();
            terminal.out()
                    .println(
                            json
                                    ? new JsonLine()
                                            .with("number", guest.number())
                                            .with("label", guest.label())
                                            .with("keys", guest.keys())
                                            .with("used", used)
                                            .with("withdrawn", guest.withdrawn())
                                    : guest.number() + "  " + guest.label() + "  used by " + used + " of "
                                            + guest.keys() + (guest.withdrawn() ? ", withdrawn" : ""));
        }
    }

    /// `konce group revoke`.
    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Withdraw an invitation: its holders are outsiders from then on. A server that runs closes"
                    + " their channels within a few seconds.")
    static final class Revoke implements Callable<Integer> {
        private final Terminal terminal;

        @Parameters(index = "0", paramLabel = "GROUP", description = "The group.")
        String name = "";

        @Parameters(index = "1", paramLabel = "N", description = "The invitation's number.")
        int number;

        Revoke(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() throws IOException, StoreException {
            groups(terminal).change(name, group -> group.change(number, Group.Guest::withdraw));
            terminal.err().println("Invitation " + number + " to group '" + name + "' is withdrawn.");
            return Main.EXIT_OK;
        }
    }
}
