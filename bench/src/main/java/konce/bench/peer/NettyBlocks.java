package konce.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Bulk over any byte stream of Netty's: blocks one way, a byte for each the other way.
final class NettyBlocks {
    /// Bytes written at once: a whole number of TLS records.
    private static final int CHUNK_BYTES = 1 << 16;

    /// How long the last confirmations may take.
    private static final long REST_SECONDS_MAX = 20;

    private NettyBlocks() {}

    /// The client's side.
    static final class Sender extends SimpleChannelInboundHandler<ByteBuf> implements Bulk {
        private final Channel channel;
        private final ByteBuf chunk = Unpooled.directBuffer(CHUNK_BYTES).writeZero(CHUNK_BYTES);
        private CompletableFuture<Moved> moved = new CompletableFuture<>();
        private boolean sending;
        private long startNanos;
        private long deadlineNanos;
        private long sentBytes;
        private long blocksUnconfirmed;

        Sender(Channel channel) {
            this.channel = channel;
        }

        @Override
        public Moved moveUntil(long deadline) throws Exception {
            CompletableFuture<Moved> end = new CompletableFuture<>();
            channel.eventLoop().execute(() -> {
                moved = end;
                startNanos = System.nanoTime();
                deadlineNanos = deadline;
                sentBytes = 0;
                sending = true;
                send();
            });
            long nanos = deadline - System.nanoTime() + TimeUnit.SECONDS.toNanos(REST_SECONDS_MAX);
            return end.get(nanos, TimeUnit.NANOSECONDS);
        }

        private void send() {
            while (sending && channel.isWritable()) {
                channel.write(chunk.retainedDuplicate());
                sentBytes += CHUNK_BYTES;
                if (sentBytes % BLOCK_BYTES == 0) {
                    blocksUnconfirmed++;
                    sending = System.nanoTime() - deadlineNanos < 0;
                }
            }
            channel.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            send();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf confirmations) {
            blocksUnconfirmed -= confirmations.readableBytes();
            if (!sending && blocksUnconfirmed == 0) {
                moved.complete(new Moved(sentBytes, System.nanoTime() - startNanos));
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            moved.completeExceptionally(new IllegalStateException("the connection has ended"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            moved.completeExceptionally(cause);
        }
    }

    /// The server's side.
    static final class Receiver extends ChannelInboundHandlerAdapter {
        private long blockBytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            blockBytes += bytes.readableBytes();
            bytes.release();
            if (blockBytes >= Bulk.BLOCK_BYTES) {
                int blocks = (int) (blockBytes / Bulk.BLOCK_BYTES);
                blockBytes %= Bulk.BLOCK_BYTES;
                ctx.writeAndFlush(ctx.alloc().buffer(blocks).writeZero(blocks));
            }
        }
    }
}
