package konce.cli;

import java.net.InetAddress;
import java.util.List;
import konce.fuzz.Target;

/// Texts of the command line, and what it keeps of a registration that was begun.
public final class CliTargets {
    private CliTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(
                Target.text("remote-path", RemotePath::parse, RemotePath::toString, CommandException.class),
                Target.text("remote-peer", RemotePath::parseOrPeer, RemotePath::toString, CommandException.class),
                Target.text(
                        "listen-address",
                        text -> ListenAddress.parse(text, InetAddress.getLoopbackAddress()),
                        bound -> {
                            String ip = bound.getAddress().getHostAddress();
                            return (ip.contains(":") ? "[" + ip + "]:" : ip + ":") + bound.getPort();
                        },
                        CommandException.class),
                Target.text("name-argument", NameCommand::parse, Object::toString, CommandException.class),
                Target.text("key-argument", LedgerCommand::parse, konce.names.KeyText::of, CommandException.class),
                Target.part(
                        "announced-name",
                        NameRegisterCommand.Announced::read,
                        (announced, out) -> out.raw(announced.encode())));
    }
}
