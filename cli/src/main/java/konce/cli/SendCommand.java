package konce.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import konce.cli.store.StoreException;
import konce.node.Explain;
import konce.node.Message;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `konce send`.
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Send a message, and print the reply.",
            "",
            "The message goes to a handler of the peer: by default the one that shows texts. A channel is made for it, and"
                    + " the message is already in its first packets: one round trip to it, two to the reply."
        },
        footer = {
            "",
            "Examples:",
            "  konce send alice \"lunch at noon?\"",
            "  konce send alice @report.pdf --one-way",
            "  tail -f log | konce send alice - --lines",
            "  echo hello | konce send konce1...@192.0.2.7:413 -",
            "  konce send alice '{\"get\":\"time\"}' --handler 4711 --timeout 5",
            "",
            "With --one-way the status is 0 as soon as the peer's node has the whole message."
        })
final class SendCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(index = "0", paramLabel = "PEER", description = "A petname or an address.")
    String peer = "";

    @Parameters(
            index = "1",
            paramLabel = "TEXT|@FILE|-",
            description = "The message: a text, the content of a file, or standard input.")
    String message = "";

    @Option(names = "--one-way", description = "Do not wait for a reply, only for the delivery.")
    boolean oneWay;

    @Option(
            names = "--handler",
            paramLabel = "N",
            description = "The well-known handler to send it to (default: 4, texts).")
    @Nullable
    Integer handler;

    @Option(
            names = "--lines",
            description = "With '-': each line is a message. The channel is closed after the first reply, and what"
                    + " follows goes to the peer at rest, one packet there and one back; for servers run with"
                    + " --presences. A presence lasts as long as this command.")
    boolean lines;

    @Option(names = "--json", description = "Print the outcome as one JSON object on one line.")
    boolean json;

    @Mixin
    PeerOptions options = new PeerOptions();

    SendCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, StoreException {
        HandlerId to = handler == null ? WellKnown.TEXT : wellKnown(handler);
        if (lines) {
            return sendLines(to);
        }
        byte[] payload = payload();
        SendOptions send = options.sendOptions();
        try (PeerSession session = PeerSession.open(terminal, options, peer)) {
            long start = System.nanoTime();
            if (oneWay) {
                SendOptions delivery = SendOptions.ONE_WAY
                        .withConnectTimeout(send.connectTimeoutNanos())
                        .withReplyTimeout(send.replyTimeoutNanos());
                session.node().request(session.target(), to, payload, delivery);
                print(start, payload, null);
            } else {
                print(start, payload, session.node().request(session.target(), to, payload, send));
            }
            return Main.EXIT_OK;
        }
    }

    private Integer sendLines(HandlerId to) throws IOException, StoreException {
        if (oneWay || options.anonymous || !message.equals("-")) {
            throw CommandException.mistake("--lines goes with '-', and with neither --one-way nor --anonymous");
        }
        options.presences = 1;
        SendOptions send = options.sendOptions();
        BufferedReader in = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        try (PeerSession session = PeerSession.open(terminal, options, peer)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                long start = System.nanoTime();
                byte[] payload = line.getBytes(StandardCharsets.UTF_8);
                Message reply = session.node().request(session.target(), to, payload, send);
                print(start, payload, reply);
                if (!isAtRest(reply)) {
                    session.node().closeChannel(reply.channel());
                }
            }
            return Main.EXIT_OK;
        }
    }

    private static boolean isAtRest(Message reply) {
        return reply.channel() < 0;
    }

    private static HandlerId wellKnown(int number) {
        try {
            return HandlerId.wellKnown(number);
        } catch (IllegalArgumentException e) {
            throw CommandException.mistake("--handler: " + e.getMessage());
        }
    }

    private byte[] payload() throws IOException {
        byte[] payload;
        if (message.equals("-")) {
            payload = limited(terminal.in());
        } else if (message.startsWith("@")) {
            try (InputStream file = Files.newInputStream(Path.of(message.substring(1)))) {
                payload = limited(file);
            }
        } else {
            payload = message.getBytes(StandardCharsets.UTF_8);
        }
        if (payload.length > Limits.MESSAGE_BYTES_MAX) {
            throw CommandException.mistake("a message has at most " + ProgressBar.bytes(Limits.MESSAGE_BYTES_MAX)
                    + "; 'konce copy' moves larger files");
        }
        return payload;
    }

    private static byte[] limited(InputStream in) throws IOException {
        return in.readNBytes(Limits.MESSAGE_BYTES_MAX + 1);
    }

    private void print(long start, byte[] payload, @Nullable Message reply) {
        double milliseconds = (System.nanoTime() - start) / 1e6;
        if (json) {
            terminal.out()
                    .println(new JsonLine()
                            .with("outcome", reply == null ? "delivered" : "replied")
                            .with("sentBytes", payload.length)
                            .with("reply", reply == null ? null : reply.text())
                            .with("by", reply == null ? null : isAtRest(reply) ? "presence" : "channel")
                            .with("milliseconds", milliseconds));
        } else if (reply == null) {
            terminal.err().println(Explain.outcome(new Outcome.Delivered()));
        } else {
            printReply(reply.bytes());
        }
    }

    /* On a terminal a stranger's words are made harmless; a file or a pipe gets the very bytes. */
    private void printReply(byte[] reply) {
        if (terminal.interactive()) {
            String text = new String(reply, StandardCharsets.UTF_8);
            text.lines().map(Terminal::harmless).forEach(terminal.out()::println);
        } else {
            terminal.out().write(reply, 0, reply.length);
            if (reply.length > 0 && reply[reply.length - 1] != '\n') {
                terminal.out().println();
            }
        }
    }
}
