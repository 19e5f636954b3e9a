package konce.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import konce.node.stream.StreamLimits;
import konce.node.stream.StreamReceiver;
import konce.node.stream.StreamRecord;
import konce.node.stream.StreamReset;
import konce.node.stream.StreamSender;
import konce.protocol.HandlerClass;
import konce.protocol.HandlerId;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import org.jspecify.annotations.Nullable;

/// A two-way stream of bytes, as TCP programs know it, made of messages: each direction ends on its own, a slow reader
/// stalls its own stream only, and a lost packet delays nothing but the chunk it was part of and what follows that.
///
/// - threads: one may read while another writes; [#abort] and [#close] from any
/// - error: reading and writing throw [IOException] once the stream has failed, with the reason for people
/// - source: docs/spec/10-streams.md
public final class ByteStream implements AutoCloseable {
    /// How long one end may go on after this end has closed.
    private static final long LINGER_NANOS_MAX = 60_000_000_000L;

    /// How long an acceptor waits for BIND.
    private static final long BIND_NANOS_MAX = 30_000_000_000L;

    /// How often the opener says that it is there: NATs forget a UDP flow after 30 s (RFC 4787 section 4.3 asks for
    /// more).
    private static final long PING_NANOS = 20_000_000_000L;

    /// How long a channel must at least be allowed to idle, so that pings keep it.
    private static final long IDLE_NANOS_MIN = 120_000_000_000L;

    private static final SendOptions RECORD =
            keepingAlive(SendOptions.REQUEST.withReplyTimeout(Limits.TIMEOUT_NANOS_MAX));
    private static final int FIRST_CHUNK_BYTES_MIN = 1_024;

    /// The stream's place.
    ///
    /// @param handler where the peer sends to
    /// @param opener whether we opened it
    record Ends(long channel, HandlerId handler, boolean opener) {}

    /// Bytes that gather until they are sent, in place behind the record's header.
    private static final class Chunk {
        private final byte[] record;
        private int bytes;

        Chunk(int capacity) {
            record = new byte[StreamRecord.DATA_HEADER_BYTES + capacity];
        }

        int room() {
            return record.length - StreamRecord.DATA_HEADER_BYTES - bytes;
        }

        MemorySegment encoded() {
            return MemorySegment.ofArray(record).asSlice(0, StreamRecord.DATA_HEADER_BYTES + bytes);
        }
    }

    private final Streams streams;
    private final Ends ends;
    private final int windowBytes;
    private final StreamSender sender;
    private final StreamReceiver receiver;
    private final InputStream in = new Input();
    private final OutputStream out = new Output();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition inputChanged = lock.newCondition();
    private final Condition outputChanged = lock.newCondition();
    private final Deque<Chunk> gathered = new ArrayDeque<>();
    private final EndpointDriver.Command flush = (_, _) -> flushOnLoop();
    private @Nullable HandlerId remote;
    private @Nullable String failure;
    private int chunksUnderWay;
    private boolean flushDue;
    private boolean inputShut;
    private boolean outputShut;
    private long closedNanos;
    private boolean closed;
    private long lastPingNanos = System.nanoTime();
    private final long openedNanos = lastPingNanos;

    /// @param windowBytes what we take before we answer
    /// @param theirWindowBytes what the peer takes before it answers
    ByteStream(Streams streams, Ends ends, int windowBytes, int theirWindowBytes) {
        this.streams = streams;
        this.ends = ends;
        this.windowBytes = windowBytes;
        sender = new StreamSender(theirWindowBytes);
        receiver = new StreamReceiver(windowBytes);
    }

    /// What the peer writes. Closing it is [#shutdownInput].
    public InputStream in() {
        return in;
    }

    /// What the peer reads. Bytes go out on their own, in larger chunks the faster they come; flushing does
    /// nothing.
    /// Closing it is [#shutdownOutput].
    public OutputStream out() {
        return out;
    }

    /// The number, in this node, of the channel it is on.
    public long channel() {
        return ends.channel;
    }

    /// Says that nothing more will be written: once the peer has read the rest it reads the end. Its own writing
    /// goes on.
    public void shutdownOutput() {
        lock.lock();
        try {
            outputShut = true;
            flushSoon();
        } finally {
            lock.unlock();
        }
    }

    /// Reads no more: what still comes is thrown away.
    public void shutdownInput() {
        lock.lock();
        try {
            inputShut = true;
            receiver.discard();
            inputChanged.signalAll();
            flushSoon();
        } finally {
            lock.unlock();
        }
    }

    /// Ends both directions in order, without waiting: what was written still arrives, what still comes is thrown
    /// away.
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                closedNanos = System.nanoTime();
                shutdownOutput();
                shutdownInput();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends both directions at once: what was not read yet is lost, and the peer is told.
    public void abort() {
        abort(StreamReset.ABORTED);
    }

    @Override
    public String toString() {
        return "byte stream " + ends.handler + " on channel " + ends.channel;
    }

    void abort(StreamReset why) {
        streams.driver().execute((_, _) -> resetOnLoop(why, "the stream was " + why.words() + " here"));
    }

    HandlerId handler() {
        return ends.handler;
    }

    int windowBytes() {
        return windowBytes;
    }

    /// Options under which the channel stays while the stream is silent.
    static SendOptions keepingAlive(SendOptions options) {
        return options.idleNanos() < IDLE_NANOS_MIN ? options.withIdle(IDLE_NANOS_MIN) : options;
    }

    // ---- the program's side -----------------------------------------------------------------------------------------

    private int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (true) {
                if (inputShut) {
                    return -1;
                }
                int bytes = receiver.read(target, offset, length);
                if (bytes != 0) {
                    flushSoon();
                    return bytes;
                }
                checkFailure();
                inputChanged.await();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        lock.lock();
        try {
            int done = 0;
            while (done < length) {
                Chunk chunk = awaitRoom(length - done);
                int now = Math.min(chunk.room(), length - done);
                System.arraycopy(
                        source, offset + done, chunk.record, StreamRecord.DATA_HEADER_BYTES + chunk.bytes, now);
                chunk.bytes += now;
                done += now;
                flushSoon();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    /// A chunk with room; waits while enough is gathered already.
    private Chunk awaitRoom(int wanted) throws IOException, InterruptedException {
        while (true) {
            checkFailure();
            if (outputShut) {
                throw new IOException("the stream's output was shut down here");
            }
            Chunk last = gathered.peekLast();
            if (last != null && last.room() > 0) {
                return last;
            }
            if (gathered.size() < StreamLimits.CHUNKS_GATHERED_MAX) {
                // A chunk as long as what is there; behind others that wait, as long as can be, since more is to come.
                int capacity = last == null
                        ? Math.clamp(wanted, FIRST_CHUNK_BYTES_MIN, sender.chunkBytesMax())
                        : sender.chunkBytesMax();
                Chunk chunk = new Chunk(capacity);
                gathered.add(chunk);
                return chunk;
            }
            outputChanged.await();
        }
    }

    private IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return (IOException) new InterruptedIOException("interrupted on " + this).initCause(cause);
    }

    private void checkFailure() throws IOException {
        if (failure != null) {
            throw new IOException(failure);
        }
    }

    /// Lets the loop send what there is to send. Under the lock.
    private void flushSoon() {
        if (!flushDue && failure == null) {
            flushDue = true;
            streams.driver().execute(flush);
        }
    }

    // ---- the loop's side --------------------------------------------------------------------------------------------

    /// Now it is known where the peer takes records.
    void bindOnLoop(HandlerId newRemote) {
        lock.lock();
        try {
            remote = newRemote;
            flushSoon();
        } finally {
            lock.unlock();
        }
    }

    /// Sends a record that is a request, and fails the stream if it is not answered.
    void sendOnLoop(HandlerId target, StreamRecord record) {
        streams.send(ends.channel, target, record.encode(), RECORD, outcome -> handleAnswer(outcome, 0, false));
    }

    /// Takes a record.
    ///
    /// @param record null: what came is none
    void handleRecordOnLoop(@Nullable StreamRecord record, @Nullable HandlerId replyTo) {
        if (record instanceof StreamRecord.Reset(StreamReset why)) {
            failOnLoop("the peer ended the stream: " + why.words());
            return;
        }
        // = docs/spec/10-streams.md R10.5
        StreamReset misuse = record == null || replyTo == null ? StreamReset.RECORD_MALFORMED : take(record, replyTo);
        if (misuse != null) {
            resetOnLoop(misuse, "the peer broke the rules of streams: " + misuse.words());
        }
    }

    private @Nullable StreamReset take(StreamRecord record, HandlerId replyTo) {
        lock.lock();
        try {
            return switch (record) {
                case StreamRecord.Data(long sequence, MemorySegment bytes) -> {
                    StreamReset misuse = receiver.handleData(sequence, bytes, replyTo);
                    inputChanged.signalAll();
                    flushSoon();
                    yield misuse;
                }
                case StreamRecord.Fin(long sequence) -> {
                    StreamReset misuse = receiver.handleFin(sequence, replyTo);
                    inputChanged.signalAll();
                    flushSoon();
                    yield misuse;
                }
                // = docs/spec/10-streams.md R10.3
                case StreamRecord.Bind(long handler) -> {
                    if (remote != null) {
                        yield StreamReset.RECORD_MALFORMED;
                    }
                    bindOnLoop(new HandlerId(HandlerClass.SESSION, handler));
                    answer(replyTo);
                    yield null;
                }
                case StreamRecord.Ping _ -> {
                    answer(replyTo);
                    yield null;
                }
                case StreamRecord.Open _, StreamRecord.Accept _, StreamRecord.Reset _ -> StreamReset.RECORD_MALFORMED;
            };
        } finally {
            lock.unlock();
        }
    }

    /// Sends what the window and the rest of the machine have room for.
    private void flushOnLoop() {
        lock.lock();
        try {
            flushDue = false;
            if (failure != null) {
                return;
            }
            // = docs/spec/10-streams.md R10.10
            for (HandlerId waiting = receiver.pollConsumed(); waiting != null; waiting = receiver.pollConsumed()) {
                answer(waiting);
            }
            HandlerId target = remote;
            if (target != null) {
                sendChunks(target);
            }
            if (sender.isFinished() && receiver.isFinished()) {
                failure = "the stream is closed";
                streams.remove(this);
            }
        } finally {
            lock.unlock();
        }
    }

    private void sendChunks(HandlerId target) {
        while (chunksUnderWay < StreamLimits.CHUNKS_UNDER_WAY_MAX) {
            Chunk chunk = gathered.peek();
            if (chunk == null || !sender.hasRoomFor(chunk.bytes)) {
                break;
            }
            gathered.remove();
            MemorySegment record = chunk.encoded();
            StreamRecord.writeDataHeader(record, sender.sendChunk(chunk.bytes));
            chunksUnderWay++;
            int bytes = chunk.bytes;
            streams.send(ends.channel, target, record, RECORD, outcome -> handleAnswer(outcome, bytes, false));
            outputChanged.signalAll();
        }
        if (outputShut && gathered.isEmpty() && !sender.isFinSent()) {
            MemorySegment fin = new StreamRecord.Fin(sender.sendFin()).encode();
            streams.send(ends.channel, target, fin, RECORD, outcome -> handleAnswer(outcome, 0, true));
        }
    }

    /// What became of a record of ours.
    ///
    /// @param bytes of the chunk it was; 0: it was none
    private void handleAnswer(Outcome outcome, int bytes, boolean fin) {
        if (!(outcome instanceof Outcome.Replied)) {
            failOnLoop(
                    outcome instanceof Outcome.Refused
                            ? "the peer has no such stream any more"
                            : "the stream broke: " + Explain.outcome(outcome));
            return;
        }
        lock.lock();
        try {
            if (bytes > 0) {
                chunksUnderWay--;
                sender.handleConsumed(bytes);
            }
            if (fin) {
                sender.handleFinConsumed();
            }
            if (bytes > 0 || fin) {
                flushSoon();
            }
        } finally {
            lock.unlock();
        }
    }

    /// An empty reply: consumed.
    private void answer(HandlerId replyTo) {
        streams.send(ends.channel, replyTo, MemorySegment.ofArray(new byte[0]), SendOptions.ONE_WAY, _ -> {});
    }

    /// Ends the stream here and at the peer.
    void resetOnLoop(StreamReset why, String words) {
        HandlerId target = remote;
        if (failOnLoop(words) && target != null && streams.router().peer(ends.channel) != null) {
            // = docs/spec/10-streams.md R10.12
            streams.send(ends.channel, target, new StreamRecord.Reset(why).encode(), SendOptions.ONE_WAY, _ -> {});
        }
    }

    /// Ends the stream here.
    ///
    /// @return false when it had ended already
    boolean failOnLoop(String words) {
        lock.lock();
        try {
            if (failure != null) {
                return false;
            }
            failure = words;
            gathered.clear();
            inputChanged.signalAll();
            outputChanged.signalAll();
        } finally {
            lock.unlock();
        }
        streams.remove(this);
        return true;
    }

    /// Looks after a stream that waits too long, and keeps a silent one alive.
    void tickOnLoop(long nowNanos) {
        HandlerId target = remote;
        if (target == null) {
            if (nowNanos - openedNanos > BIND_NANOS_MAX) {
                resetOnLoop(StreamReset.NOT_BOUND, "the stream was " + StreamReset.NOT_BOUND.words());
            }
        } else if (closed && nowNanos - closedNanos > LINGER_NANOS_MAX) {
            resetOnLoop(StreamReset.LINGERED, "the stream was " + StreamReset.LINGERED.words());
        } else if (ends.opener && nowNanos - lastPingNanos > PING_NANOS) {
            lastPingNanos = nowNanos;
            sendOnLoop(target, new StreamRecord.Ping());
        }
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return ByteStream.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return ByteStream.this.read(target, offset, length);
        }

        @Override
        public int available() {
            lock.lock();
            try {
                return inputShut ? 0 : receiver.available();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            shutdownInput();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            ByteStream.this.write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            ByteStream.this.write(source, offset, length);
        }

        @Override
        public void close() {
            shutdownOutput();
        }
    }
}
