package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What runs on a node's loop and what does not, and what waits.
@Timeout(60)
class LoopCodeTest {
    private static final HandlerId QUICK = HandlerId.wellKnown(1);
    private static final HandlerId SLOW = HandlerId.wellKnown(2);
    private static final byte[] NOTHING = new byte[0];

    @AutoClose
    private final NodeTest.Nodes nodes = new NodeTest.Nodes();

    /// Goal: a handler that promised not to block runs on the loop, and its failure is told as any other's. Method:
    /// it
    /// answers with its thread's name, then throws.
    @Test
    void runsHandlersOnTheLoop() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        server.handleOnLoop(
                QUICK, message -> message.reply(Thread.currentThread().getName()));
        server.handleOnLoop(SLOW, message -> {
            throw new IllegalStateException("it fails, as it should");
        });
        Node client = nodes.add(Node.builder());
        Message reply = client.request(server.target(), QUICK, NOTHING, SendOptions.REQUEST);
        assertTrue(reply.text().startsWith("konce-loop"), reply.text());
        SendException failure = assertThrows(
                SendException.class, () -> client.request(server.target(), SLOW, NOTHING, SendOptions.REQUEST));
        assertInstanceOf(Outcome.Refused.class, failure.outcome());
    }

    /// Goal: a handler of the ordinary kind that blocks holds nobody up, whatever runs on the loop. Method: a
    /// hundred
    /// wait for ever; one more is answered, and so is one on the loop.
    @Test
    void letsOrdinaryHandlersBlock() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CountDownLatch begun = new CountDownLatch(100);
        CountDownLatch never = new CountDownLatch(1);
        server.handle(SLOW, message -> {
            begun.countDown();
            never.await();
        });
        server.handleOnLoop(QUICK, message -> message.reply("here"));
        Node client = nodes.add(Node.builder());
        List<Sending> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            waiting.add(client.start(server.target(), SLOW, MemorySegment.ofArray(NOTHING), SendOptions.REQUEST));
        }
        begun.await();
        assertEquals(
                "here",
                client.request(server.target(), QUICK, NOTHING, SendOptions.REQUEST)
                        .text());
        waiting.forEach(Sending::cancel);
        never.countDown();
    }

    /// Goal: what is begun on the loop ends on the loop; what is begun elsewhere never does. Method: a chain of ten
    /// requests each way, each begun where the one before ended.
    @Test
    void endsWhereItBegan() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        server.handleOnLoop(QUICK, message -> message.reply(message.payload()));
        Node client = nodes.add(Node.builder());
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        client.runOnLoop(() -> chain(client, server.target(), 10, true, onLoop));
        assertTrue(onLoop.get());
        CompletableFuture<Boolean> elsewhere = new CompletableFuture<>();
        chain(client, server.target(), 10, false, elsewhere);
        assertFalse(elsewhere.get());
    }

    private static void chain(Node client, Target target, int left, boolean where, CompletableFuture<Boolean> ended) {
        client.send(target, QUICK, NOTHING, SendOptions.REQUEST).thenAccept(outcome -> {
            boolean here = Thread.currentThread().getName().startsWith("konce-loop");
            if (left == 0 || here != where || !(outcome instanceof Outcome.Replied)) {
                ended.complete(here);
            } else {
                chain(client, target, left - 1, where, ended);
            }
        });
    }

    /// Goal: on the loop nothing waits: what would is an error at once, and questions are answered. Method: ask for
    /// a
    /// reply, a stream and the end there, and for figures.
    @Test
    void refusesToWaitOnTheLoop() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CompletableFuture<List<String>> refusals = new CompletableFuture<>();
        server.runOnLoop(() -> {
            List<String> all = new ArrayList<>();
            all.add(mistake(() -> server.request(server.target(), QUICK, NOTHING, SendOptions.REQUEST)));
            all.add(mistake(() -> server.openStream(server.target(), QUICK, SendOptions.REQUEST)));
            all.add(mistake(server::close));
            all.add(server.channels().isEmpty() ? "nobody here" : "somebody here");
            refusals.complete(all);
        });
        assertEquals(
                List.of(
                        "request waits, and on the loop nothing may",
                        "openStream waits, and on the loop nothing may",
                        "close waits, and on the loop nothing may",
                        "nobody here"),
                refusals.get());
    }

    private static String mistake(org.junit.jupiter.api.function.Executable code) {
        return String.valueOf(assertThrows(IllegalStateException.class, code).getMessage());
    }

    /// Goal: a send that is cancelled on the loop before the loop came to it ends as cancelled. Method: hold the
    /// loop,
    /// send elsewhere, cancel on the loop.
    @Test
    void cancelsWhatHasNotBegun() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        server.handle(QUICK, message -> {});
        Node client = nodes.add(Node.builder());
        CompletableFuture<Sending> late = new CompletableFuture<>();
        CountDownLatch held = new CountDownLatch(1);
        client.runOnLoop(() -> {
            held.countDown();
            late.join().cancel();
        });
        held.await();
        Sending sending = client.start(server.target(), QUICK, MemorySegment.ofArray(NOTHING), SendOptions.REQUEST);
        late.complete(sending);
        assertInstanceOf(Outcome.Cancelled.class, sending.outcome().get());
    }

    /// Goal: who sends more than the other side takes waits, and goes on when it is taken. Method: messages of 4
    /// MiB
    /// to a handler that holds them, until a thread waits for room; then the handler lets go. The same is refused
    /// on
    /// the loop, and a thread that waits is let go when the node closes.
    @Test
    void waitsForRoom() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CountDownLatch goOn = new CountDownLatch(1);
        server.handle(SLOW, message -> {
            goOn.await();
            message.reply(NOTHING);
        });
        Node client = nodes.add(Node.builder());
        byte[] payload = new byte[4 << 20];
        List<CompletableFuture<Outcome>> sent = new ArrayList<>();
        FutureTask<Integer> sender = new FutureTask<>(() -> {
            for (int i = 0; i < 13; i++) {
                sent.add(client.send(server.target(), SLOW, payload, SendOptions.REQUEST));
            }
            return sent.size();
        });
        Thread thread = Thread.ofPlatform().start(sender);
        while (thread.getState() != Thread.State.WAITING && !sender.isDone()) {
            Thread.onSpinWait();
        }
        assertFalse(sender.isDone(), "13 messages of 4 MiB are more than an eighth of the room");
        CompletableFuture<Outcome> refused = new CompletableFuture<>();
        client.runOnLoop(() ->
                client.send(server.target(), SLOW, payload, SendOptions.REQUEST).thenAccept(refused::complete));
        assertInstanceOf(Outcome.NotSent.class, refused.get());
        goOn.countDown();
        assertEquals(13, sender.get());
        for (CompletableFuture<Outcome> outcome : sent) {
            assertInstanceOf(Outcome.Replied.class, outcome.get());
        }
    }

    /// Goal: a node that closes lets those go who wait for room. Method: as before, and close.
    @Test
    void letsGoWhenItCloses() throws Exception {
        Node server = nodes.add(Node.builder().server(true));
        CountDownLatch never = new CountDownLatch(1);
        server.handle(SLOW, message -> never.await());
        Node client = nodes.add(Node.builder());
        byte[] payload = new byte[4 << 20];
        FutureTask<Outcome> sender = new FutureTask<>(() -> {
            CompletableFuture<Outcome> last = new CompletableFuture<>();
            for (int i = 0; i < 13; i++) {
                last = client.send(server.target(), SLOW, payload, SendOptions.REQUEST);
            }
            return last.get();
        });
        Thread thread = Thread.ofPlatform().start(sender);
        while (thread.getState() != Thread.State.WAITING && !sender.isDone()) {
            Thread.onSpinWait();
        }
        client.close();
        assertEquals(new Outcome.NotSent(EndpointDriver.CLOSED), sender.get());
        never.countDown();
    }
}
