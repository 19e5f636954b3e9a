package konce.bench.peer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.ArrayDeque;
import java.util.Queue;

/// Requests over any byte stream of Netty's, one behind the other; replies come in the same order.
final class NettyEcho {
    private NettyEcho() {}

    /// The client's side. Requests that are sent because replies came leave together.
    static final class Client extends ChannelInboundHandlerAdapter implements Requests {
        private final Channel channel;
        private final ByteBuf request = Unpooled.directBuffer(REQUEST_BYTES).writeZero(REQUEST_BYTES);
        private final Queue<Reply> waiting = new ArrayDeque<>();
        private boolean reading;
        private int replyBytes;

        Client(Channel channel) {
            this.channel = channel;
        }

        @Override
        public void request(Reply reply) {
            if (channel.eventLoop().inEventLoop()) {
                send(reply);
            } else {
                channel.eventLoop().execute(() -> send(reply));
            }
        }

        private void send(Reply reply) {
            waiting.add(reply);
            channel.write(request.retainedDuplicate());
            if (!reading) {
                channel.flush();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            replyBytes += bytes.readableBytes();
            bytes.release();
            reading = true;
            for (; replyBytes >= REQUEST_BYTES; replyBytes -= REQUEST_BYTES) {
                waiting.remove().arrived();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            reading = false;
            ctx.flush();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            fail(new IllegalStateException("the connection has ended"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            fail(cause);
        }

        private void fail(Throwable why) {
            for (Reply reply = waiting.poll(); reply != null; reply = waiting.poll()) {
                reply.failed(why);
            }
        }
    }

    /// The server's side. The replies to what came together leave together.
    static final class Server extends ChannelInboundHandlerAdapter {
        private int requestBytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            requestBytes += bytes.readableBytes();
            bytes.release();
            int whole = requestBytes / Requests.REQUEST_BYTES;
            if (whole > 0) {
                requestBytes -= whole * Requests.REQUEST_BYTES;
                ByteBuf replies = ctx.alloc().directBuffer(whole * Requests.REQUEST_BYTES);
                for (int i = 0; i < whole; i++) {
                    replies.writeZero(Requests.REQUEST_BYTES);
                }
                ctx.write(replies);
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
