package konce.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import konce.cli.store.Identity;
import konce.cli.store.SigningPurpose;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.KonceAddress;
import konce.names.encoding.Decoded;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Message;
import konce.node.Node;
import konce.registry.RegistryServer;

/// A machine that orders, broken on purpose: it acknowledges what it has merely heard of.
final class HastyMain {
    private HastyMain() {}

    /// As `konce ledger run DIR --members=... --listen=...`.
    public static void main(String[] args) throws Exception {
        Path own = Path.of(args[2]);
        List<InetSocketAddress> members = new ArrayList<>();
        for (String member : args[3].replace("--members=", "").split(",")) {
            members.add(ListenAddress.parse(member, InetAddress.getLoopbackAddress()));
        }
        InetSocketAddress at = ListenAddress.parse(args[4].replace("--listen=", ""), InetAddress.getLoopbackAddress());
        Terminal terminal = Terminal.ofProcess();
        try (Vault vault = Vault.open(IdCommand.VAULT_BYTES);
                Identity sequencer = LedgerCommand.identity(terminal, own, LedgerCommand.SEQUENCER, vault);
                SigningKey key = sequencer.signingKey(vault, SigningPurpose.SEQUENCER);
                Identity identity = LedgerCommand.identity(terminal, own, LedgerCommand.SERVER, vault);
                RegistryServer registry = RegistryServer.open(own, key, members, terminal.err()::println);
                Node node = Node.builder()
                        .server(true)
                        .listen(at)
                        .identity(identity.key())
                        .open()) {
            node.handle(RegistryServer.HANDLER, message -> answer(registry, message));
            System.out.println(new JsonLine()
                    .with(
                            "address",
                            new KonceAddress(node.publicKey(), node.target().addresses())));
            new CountDownLatch(1).await();
        }
    }

    private static void answer(RegistryServer registry, Message message) {
        try {
            switch (RegistryRequest.decode(message.bytes())) {
                case Decoded.Value<RegistryRequest>(RegistryRequest.Submit submit) -> {
                    message.reply(new RegistryReply.Submitted(registry.height() + 1).encode());
                    registry.ask(submit);
                }
                case Decoded.Value<RegistryRequest>(RegistryRequest other) ->
                    message.reply(registry.ask(other).encode());
                case Decoded.Malformed<RegistryRequest>(String why) -> System.err.println(why);
            }
        } catch (IOException e) {
            System.err.println(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
