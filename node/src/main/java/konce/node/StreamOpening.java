package konce.node;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import konce.node.stream.StreamRecord;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.Endpoint;
import org.jspecify.annotations.Nullable;

/// A stream on its way to being open: OPEN sent, ACCEPT awaited.
///
/// - threads: the loop's, but [#stream]
/// - source: docs/spec/10-streams.md, section 3
final class StreamOpening implements EndpointDriver.Command, EventRouter.Settlement {
    private final Streams streams;
    private final Target target;
    private final HandlerId acceptor;
    private final SendOptions options;
    private final CompletableFuture<ByteStream> stream = new CompletableFuture<>();
    private int window;
    private @Nullable Long channel;
    private @Nullable HandlerId handler;

    StreamOpening(Streams streams, Target target, HandlerId acceptor, SendOptions options) {
        this.streams = streams;
        this.target = target;
        this.acceptor = acceptor;
        this.options = ByteStream.keepingAlive(options);
    }

    /// The stream, once it is taken up; exceptionally, an [IOException] for people.
    CompletableFuture<ByteStream> stream() {
        return stream;
    }

    @Override
    public void run(Endpoint endpoint, long nowNanos) {
        window = streams.windows().reserve();
        if (window == 0) {
            fail("no memory is left for another stream here: close some");
            return;
        }
        // Where a channel is known the acceptor can be told at once where to send, and needs no BIND.
        channel = streams.knownChannel(target);
        if (channel != null) {
            handler = endpoint.openSessionHandler(channel);
        }
        long number = handler == null ? StreamRecord.NO_HANDLER : handler.number();
        streams.router()
                .send(
                        endpoint,
                        nowNanos,
                        new EventRouter.Envelope(target, acceptor, new StreamRecord.Open(number, window).encode()),
                        options,
                        this);
    }

    @Override
    public void abandon(String why) {
        fail(why);
    }

    @Override
    public void settle(Outcome outcome) {
        switch (outcome) {
            case Outcome.Replied replied -> take(replied);
            case Outcome.Delivered _,
                    Outcome.CouldNotConnect _,
                    Outcome.ReplyTooLate _,
                    Outcome.Refused _,
                    Outcome.Cancelled _,
                    Outcome.PeerGone _,
                    Outcome.NotSent _ -> giveBack("the stream was not opened: " + Explain.outcome(outcome));
        }
    }

    private void take(Outcome.Replied replied) {
        if (!(StreamRecord.decode(replied.payload()) instanceof StreamRecord.Accept(long theirs, int theirWindow))) {
            giveBack("the stream was not opened: the peer's handler " + acceptor + " serves messages, not streams");
            return;
        }
        if (streams.router().peer(replied.channel()) == null) {
            giveBack("the stream was not opened: its channel ended");
            return;
        }
        HandlerId known = handler;
        boolean bound = known != null && channel != null && channel == replied.channel();
        HandlerId ours;
        if (known != null && bound) {
            ours = known;
        } else {
            closeHandler();
            ours = streams.driver().endpoint().openSessionHandler(replied.channel());
        }
        ByteStream opened =
                new ByteStream(streams, new ByteStream.Ends(replied.channel(), ours, true), window, theirWindow);
        streams.add(opened);
        streams.rememberChannel(target, replied.channel());
        HandlerId remote = new HandlerId(HandlerClass.SESSION, theirs);
        if (!bound) {
            opened.sendOnLoop(remote, new StreamRecord.Bind(ours.number()));
        }
        opened.bindOnLoop(remote);
        stream.complete(opened);
    }

    private void giveBack(String why) {
        streams.windows().release(window);
        closeHandler();
        fail(why);
    }

    private void closeHandler() {
        if (handler != null && channel != null && streams.router().peer(channel) != null) {
            streams.driver().endpoint().closeHandler(channel, handler);
        }
    }

    private void fail(String why) {
        stream.completeExceptionally(new IOException(why));
    }
}
