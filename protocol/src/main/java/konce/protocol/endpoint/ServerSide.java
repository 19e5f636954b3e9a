package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import konce.crypto.PublicKey;
import konce.protocol.Address;
import konce.protocol.CloseReason;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.GroupVisit;
import konce.protocol.HandshakeSummary;
import konce.protocol.Limits;
import konce.protocol.PeerOffence;
import konce.protocol.PrivateGroup;
import konce.protocol.ServerConfig;
import konce.protocol.handshake.ServerAgreement;
import konce.protocol.handshake.ServerHandshake;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.Settings;
import org.jspecify.annotations.Nullable;

/// An endpoint as a server: answers INITs, has COOKIE-ECHOs computed, and makes channels of those that are accepted.
///
/// - source: docs/spec/03-handshake.md, section 9
final class ServerSide implements AutoCloseable {
    private final Shared shared;
    private final ServerConfig config;
    private final ServerHandshake handshake;
    private final ChannelTable channels;
    private final RecentAttempts attempts;
    private final Replies replies;

    ServerSide(
            Shared shared,
            ServerConfig config,
            ServerHandshake handshake,
            ChannelTable channels,
            RecentAttempts attempts,
            Replies replies) {
        this.shared = shared;
        this.config = config;
        this.handshake = handshake;
        this.channels = channels;
        this.attempts = attempts;
        this.replies = replies;
    }

    ServerHandshake handshake() {
        return handshake;
    }

    /// Takes an INIT, or a COOKIE-ECHO.
    DropReason handleDatagram(long nowNanos, Address remote, MemorySegment datagram, boolean init) {
        if (!init) {
            return handshake.handleCookieEcho(nowNanos, remote, datagram);
        }
        if (replies.isFull()) {
            return DropReason.BUSY;
        }
        int bytes = handshake.handleInit(nowNanos, remote, datagram, replies.slot());
        if (bytes <= 0) {
            return DropReason.of(-bytes);
        }
        replies.add(remote, bytes);
        return DropReason.NONE;
    }

    /// The next agreement that may be computed now.
    @Nullable
    Job pollJob() {
        ServerAgreement agreement = handshake.takeAgreement();
        return agreement == null ? null : new AgreementJob(agreement);
    }

    /// Takes an agreement back that was computed.
    ///
    /// @param touched takes the channel that has something to say now
    /// @return [DropReason#NONE], or why nothing came of it
    DropReason finish(long nowNanos, ServerAgreement agreement, Consumer<? super Channel> touched) {
        return switch (handshake.finish(nowNanos, agreement)) {
            case ServerAgreement.Result.Accepted accepted -> accept(nowNanos, agreement, accepted, touched);
            case ServerAgreement.Result.KeyChanged(MemorySegment reply) -> {
                replies.offer(agreement.remote(), reply);
                yield DropReason.NONE;
            }
            case ServerAgreement.Result.Rejected(DropReason why) -> why;
        };
    }

    private DropReason accept(
            long nowNanos,
            ServerAgreement agreement,
            ServerAgreement.Result.Accepted accepted,
            Consumer<? super Channel> touched) {
        ByteReader early =
                new ByteReader().wrap(accepted.early(), 0, accepted.early().byteSize());
        Settings settings = Settings.read(early);
        if (!early.isOk() || channels.size() >= Limits.CHANNELS_MAX) {
            accepted.keys().close();
            return early.isOk() ? DropReason.BUSY : DropReason.MALFORMED;
        }
        byte[] clientRandom = agreement.clientRandom();
        accepted.logged()
                .forEach(secret ->
                        shared.events().add(new Event.SecretDerived(secret.label(), clientRandom, secret.secret())));
        Channel channel = channels.findByAttempt(settings.attempt());
        boolean again = channel != null
                && channel.isUnconfirmed()
                && Objects.equals(channel.peer(), accepted.client())
                && Objects.equals(channel.visit(), agreement.visit());
        if (channel != null && again) {
            // = docs/spec/03-handshake.md R3.61
            if (agreement.issuedNanos() - channel.cookieNanos() < 0) {
                accepted.keys().close();
                return DropReason.STALE;
            }
            channel.acceptAgain(nowNanos, agreement, accepted.keys(), settings);
        } else {
            DropReason reason = attempts.admit(nowNanos, settings.attempt(), accepted.client());
            if (reason != DropReason.NONE) {
                accepted.keys().close();
                return reason;
            }
            channel = open(nowNanos, agreement, accepted, settings);
        }
        PeerOffence offence = channel.handleEarly(nowNanos, early);
        if (offence != null) {
            channel.offend(nowNanos, offence);
        }
        touched.accept(channel);
        return DropReason.NONE;
    }

    private Channel open(
            long nowNanos, ServerAgreement agreement, ServerAgreement.Result.Accepted accepted, Settings settings) {
        Channel channel = new Channel(shared, channels.nextNumber(), accepted.client(), false, nowNanos);
        HandshakeSummary summary = agreement.summary(accepted);
        channel.accept(nowNanos, agreement, accepted.keys(), settings);
        channels.add(channel);
        channel.packets().path().rtt().guess(summary.rttNanos());
        shared.events().add(new Event.ChannelOpened(channel.number(), channel.peer(), agreement.remote(), summary));
        welcome(nowNanos, channel, agreement, accepted);
        // = docs/spec/03-handshake.md R3.17
        if (config.identityRequired() && accepted.client() == null) {
            String text = "this server asks for an identity";
            channel.close(nowNanos, new CloseReason.Local(), Limits.CLOSE_IDENTITY_REQUIRED, text);
        }
        // = docs/spec/03-handshake.md R3.32
        if (handshake.wasAnotherAsked(agreement, settings.earlier())) {
            String text = "another process of this server may have taken the first message";
            channel.close(nowNanos, new CloseReason.Local(), Limits.CLOSE_ANOTHER_PROCESS, text);
        }
        return channel;
    }

    // = docs/spec/17-private-groups.md R17.6
    private void welcome(
            long nowNanos, Channel channel, ServerAgreement agreement, ServerAgreement.Result.Accepted accepted) {
        GroupVisit visit = agreement.visit();
        PublicKey member = accepted.client();
        if (agreement.isStranger()) {
            String text = "this key is no member";
            channel.close(nowNanos, new CloseReason.Local(), Limits.CLOSE_NO_MEMBER, text);
        } else if (agreement.hasJoined() && visit != null && member != null) {
            shared.events().add(new Event.MemberJoined(visit, member));
        }
    }

    /// Is the gate of these private groups from now on, and of no others.
    ///
    /// @param touched takes the channels that have something to say now
    void serveGroups(long nowNanos, List<PrivateGroup> groups, Consumer<? super Channel> touched) {
        for (ServerHandshake.Withdrawn withdrawn : handshake.serveGroups(groups)) {
            shared.resting().forget(withdrawn.members(), withdrawn.visit().group());
            channels.forEach(channel -> {
                if (withdrawn.visit().equals(channel.visit()) && channel.isAlive()) {
                    String text = "the invitation was withdrawn";
                    channel.close(nowNanos, new CloseReason.Local(), Limits.CLOSE_NO_MEMBER, text);
                    touched.accept(channel);
                }
            });
        }
    }

    @Override
    public void close() {
        handshake.close();
    }
}
