package konce.simulator.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import konce.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/// One host's channels: each opens once, closes once, says nothing before or after, and belongs to one peer.
public final class ChannelChecker {
    private record Seen(@Nullable PublicKey peer, boolean closed) {}

    private final Findings findings;
    private final String host;
    private final Map<Long, Seen> channels = new HashMap<>();
    private long open;

    public ChannelChecker(Findings findings, String host) {
        this.findings = findings;
        this.host = host;
    }

    public void opened(long channel, @Nullable PublicKey peer) {
        Seen before = channels.put(channel, new Seen(peer, false));
        findings.require(before == null, Rule.EVENT_OUT_OF_ORDER, host + ": channel " + channel + " opened twice");
        open++;
    }

    /// Something happened on a channel.
    public void used(long channel, String how) {
        Seen seen = channels.get(channel);
        findings.require(
                seen != null && !seen.closed(),
                Rule.EVENT_OUT_OF_ORDER,
                host + ": " + how + " on channel " + channel
                        + (seen == null ? ", which never opened" : ", which had closed"));
    }

    /// @param openSends tickets sent on this channel by number that have not settled
    public void closed(long channel, long openSends) {
        used(channel, "a closing");
        findings.require(
                openSends == 0,
                Rule.CLOSED_WITH_OPEN_SENDS,
                host + ": channel " + channel + " closed while " + openSends + " sends on it were open");
        Seen seen = channels.get(channel);
        if (seen != null && !seen.closed()) {
            open--;
            channels.put(channel, new Seen(seen.peer(), true));
        }
    }

    /// A message came as from this channel's peer.
    public void from(long channel, @Nullable PublicKey sender, String what) {
        Seen seen = channels.get(channel);
        if (seen != null && !Objects.equals(seen.peer(), sender)) {
            findings.report(
                    Rule.WRONG_PEER,
                    host + ": " + what + " came on channel " + channel + " of " + seen.peer() + " but is of " + sender);
        }
    }

    public boolean isOpen(long channel) {
        Seen seen = channels.get(channel);
        return seen != null && !seen.closed();
    }

    public long openCount() {
        return open;
    }

    public long openedCount() {
        return channels.size();
    }
}
