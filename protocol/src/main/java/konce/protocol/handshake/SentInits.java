package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import konce.crypto.RandomSource;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.Init;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// The INITs of one attempt. They share a client random but for its last byte, which says which of them an answer is
/// for, so that the round trip is never guessed.
///
/// - unit: nanoseconds of the endpoint's time; in packets, microseconds from an origin nobody else knows
/// - source: docs/spec/03-handshake.md, section 9
final class SentInits {
    /// INITs whose answers are still taken.
    private static final int KNOWN = 16;

    private static final long RETRY_NANOS = 400_000_000L;
    private static final int DOUBLINGS_MAX = 8;
    private static final long LAST = Init.CLIENT_RANDOM_BYTES - 1L;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final MemorySegment clientRandom = Arena.ofAuto().allocate(Init.CLIENT_RANDOM_BYTES);
    private final long timeOffset;
    private final Candidate.SentInit[] inits = new Candidate.SentInit[KNOWN];
    private final Clues clues;
    private final Ticket ticket;
    private final int addresses;
    private int sent;
    private int answered;

    /// @param addresses of the server, which are asked in turn
    /// @param ticket that the server gave before; null: none
    SentInits(RandomSource random, Clues clues, @Nullable Ticket ticket, int addresses) {
        this.clues = clues;
        // = docs/spec/03-handshake.md R3.53
        this.ticket = ticket != null ? ticket : new Ticket(random.nextLong(), random.nextLong());
        random.fill(clientRandom);
        timeOffset = random.nextLong();
        this.addresses = addresses;
    }

    /// The first eight bytes of the client random, by which answers find the handshake.
    long key() {
        return clientRandom.get(LONG, 0);
    }

    byte[] clientRandom() {
        return clientRandom.toArray(ValueLayout.JAVA_BYTE);
    }

    /// What the client's clock shows in packets.
    long clientTime(long nowNanos) {
        return nowNanos / 1_000 + timeOffset;
    }

    int sent() {
        return sent;
    }

    /// How long to wait for the answer to the next: twice as long each time all addresses were asked.
    long retryNanos() {
        return RETRY_NANOS << Math.min((sent - answered) / addresses, DOUBLINGS_MAX);
    }

    /// There were answers: waiting begins anew.
    void beginAgain() {
        answered = sent;
    }

    /// Writes the next.
    void write(long nowNanos, MemorySegment buffer, ProtocolOffer ours, ByteWriter out) {
        clientRandom.set(ValueLayout.JAVA_BYTE, LAST, (byte) sent);
        long clientTime = clientTime(nowNanos);
        MemorySegment.copy(clientRandom, 0, buffer, Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES);
        Init.Hello hello = new Init.Hello(clues.init(buffer), ticket);
        inits[sent % KNOWN] = new Candidate.SentInit(nowNanos, clientTime, hello);
        Init.write(buffer, clientRandom, clientTime, ours, hello, out);
        sent++;
    }

    /// The INIT that a packet answers; null: none of ours, or one of long ago.
    Candidate.@Nullable SentInit of(MemorySegment packet) {
        if (MemorySegment.mismatch(packet, Init.CLIENT_RANDOM, Init.CLIENT_RANDOM + LAST, clientRandom, 0, LAST) >= 0) {
            return null;
        }
        int number = numberOf(packet);
        int age = (sent - 1 - number) & 0xFF;
        return age < KNOWN ? inits[number % KNOWN] : null;
    }

    /// Which INIT a packet says it answers, modulo 256.
    static int numberOf(MemorySegment packet) {
        return packet.get(ValueLayout.JAVA_BYTE, Init.CLIENT_RANDOM + LAST) & 0xFF;
    }
}
