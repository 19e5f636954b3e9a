package konce.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import konce.cli.files.FileServer;
import konce.crypto.SystemRandom;
import konce.node.Message;
import konce.node.Node;
import konce.protocol.Refusal;

/// What a server of the command offers, handler by handler.
final class ServerDesk implements AutoCloseable {
    /// Bytes of the largest message that is echoed, and the largest text that is shown.
    static final int ECHO_BYTES_MAX = 1 << 16;

    private final Node node;
    private final Deque<FileServer> files = new ArrayDeque<>();

    ServerDesk(Node node) {
        this.node = node;
        node.handle(WellKnown.ECHO, ServerDesk::echo);
    }

    private static void echo(Message message) {
        if (message.payload().byteSize() > ECHO_BYTES_MAX) {
            message.refuse(Refusal.TOO_LARGE);
        } else {
            message.reply(message.payload());
        }
    }

    /// Takes texts.
    ///
    /// @param show given each
    /// @param echo whether a text is answered with itself
    void texts(Consumer<Message> show, boolean echo) {
        node.handle(WellKnown.TEXT, message -> {
            if (message.payload().byteSize() > ECHO_BYTES_MAX) {
                message.refuse(Refusal.TOO_LARGE);
                return;
            }
            show.accept(message);
            if (echo) {
                message.reply(message.payload());
            } else {
                message.reply("received " + message.payload().byteSize() + " bytes");
            }
        });
    }

    /// Forwards streams to a TCP service.
    void forward(InetSocketAddress service) {
        node.acceptStreams(WellKnown.STREAMS, new TcpForward(service));
    }

    /// Serves the files of a directory.
    void files(Path directory, boolean writable) throws IOException {
        FileServer server = new FileServer(directory, writable, new SystemRandom());
        files.push(server);
        node.handle(WellKnown.FILES, message -> {
            byte[] asked = message.bytes();
            message.giveBack();
            message.reply(server.answer(asked));
        });
    }

    @Override
    public void close() throws IOException {
        while (!files.isEmpty()) {
            files.pop().close();
        }
    }
}
