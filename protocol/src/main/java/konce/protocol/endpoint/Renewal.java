package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import konce.protocol.Event;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.flow.SentPackets;
import konce.protocol.wire.ByteWriter;
import org.jspecify.annotations.Nullable;

/// When a channel's keys change, and what enters them: the next phase when it is time, and once the post-quantum
/// secret.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/04-protection.md, sections 6 and 7
final class Renewal {
    /// The kind of thing that is a piece of the post-quantum exchange.
    private static final int PIECE = 5;

    private static final long NEVER = Long.MAX_VALUE;

    private final Shared shared;
    private final ChannelMessages messages;
    private @Nullable KeyPhases agreed;
    private boolean client;
    private @Nullable PostQuantum exchange;
    private boolean exchanged;
    private long exchangeNanos = NEVER;
    private boolean updateWanted;
    private long toldPhase;

    Renewal(Shared shared, ChannelMessages messages) {
        this.shared = shared;
        this.messages = messages;
    }

    // ---- phases

    /// A new key phase is to begin as soon as it may.
    void want() {
        updateWanted = true;
    }

    // = docs/spec/04-protection.md R4.13
    /// Begins the next key phase if it is time, and it may, and tells of a phase that is new.
    ///
    /// @param next the number of the next packet
    /// @return whether the peer is to be told with a packet of its own: an update that was not asked for goes with
    /// what
    ///   is said anyway, as it must not keep a channel awake
    boolean updateIfDue(KeyPhases keys, long next, boolean may) {
        boolean due =
                updateWanted || keys.sealed(next) >= shared.config().keys().updatePackets();
        boolean begun = due && may && keys.begin(next);
        boolean tell = begun && updateWanted;
        updateWanted &= !begun;
        if (keys.phase() != toldPhase) {
            toldPhase = keys.phase();
            shared.events().add(new Event.KeysRenewed(messages.channel(), toldPhase, keys.isPostQuantum()));
            if (keys.isPostQuantum()) {
                messages.onPostQuantum();
            }
        }
        return tell;
    }

    // ---- the post-quantum exchange

    // = docs/spec/04-protection.md R4.20
    /// Both sides mix ML-KEM-768 into their keys. A client begins with it when the channel has lived for a while,
    /// or a
    /// message waits for it; a server with the client's first piece.
    void agree(long nowNanos, boolean isClient, KeyPhases keys) {
        if (keys.awaitMixture()) {
            agreed = keys;
            client = isClient;
            exchangeNanos = isClient ? nowNanos + Limits.EXCHANGE_DELAY_NANOS : NEVER;
        }
    }

    /// When [#handleDeadline] has work next.
    long nextNanos() {
        return exchangeNanos;
    }

    /// Does what is due.
    void handleDeadline(long nowNanos) {
        if (nowNanos - exchangeNanos >= 0) {
            begin();
        }
    }

    private @Nullable PostQuantum begin() {
        KeyPhases keys = agreed;
        if (keys != null && exchange == null && !exchanged) {
            exchangeNanos = NEVER;
            exchange = new PostQuantum(client, shared, messages.channel(), (secret, transcript) -> {
                keys.mix(secret, transcript);
                updateWanted |= client;
            });
        }
        return exchange;
    }

    /// The next step of the exchange that is to be computed; null: none now.
    @Nullable
    EncapsulationJob pollJob() {
        if (exchangeNanos != NEVER && messages.awaitsPostQuantum()) {
            begin();
        }
        return exchange == null ? null : exchange.pollJob();
    }

    /// Takes a step of the exchange back that was computed.
    @Nullable
    PeerOffence handleJob(EncapsulationJob job) {
        if (exchange == null) {
            job.close();
            return null;
        }
        PeerOffence offence = exchange.handleJob(job);
        endIfOver(exchange);
        return offence;
    }

    @Nullable
    PeerOffence onPiece(int piece, MemorySegment packet, long offset, int length) {
        if (exchanged) {
            // what comes again when all is over is no offence
            return null;
        }
        PostQuantum open = client ? exchange : begin();
        return open == null ? PeerOffence.FRAME_MALFORMED : open.onPiece(piece, packet, offset, length);
    }

    boolean hasDue() {
        return exchange != null && exchange.hasDue();
    }

    /// Writes what is due, as much as fits.
    boolean writeFrames(ByteWriter out, SentPackets sent) {
        return exchange != null && exchange.writeFrames(out, sent, PIECE);
    }

    /// Whether a thing in a packet is a piece of the exchange.
    static boolean isPiece(int kind) {
        return kind == PIECE;
    }

    void onAcked(long piece) {
        if (exchange != null) {
            exchange.onAcked(piece);
            endIfOver(exchange);
        }
    }

    void onLost(long piece) {
        if (exchange != null) {
            exchange.onLost(piece);
        }
    }

    private void endIfOver(PostQuantum open) {
        if (open.isOver()) {
            exchange = null;
            exchanged = true;
        }
    }

    /// The keys it was for are no more.
    void end() {
        if (exchange != null) {
            exchange.close();
            exchange = null;
        }
        agreed = null;
        exchanged = false;
        exchangeNanos = NEVER;
        toldPhase = 0;
    }
}
