package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.Limits;
import konce.protocol.handshake.LoggedSecret;
import konce.protocol.handshake.SessionKeys;
import org.jspecify.annotations.Nullable;

/// The keys of one channel, phase after phase. Both directions change together: whoever begins a phase sends under it,
/// and the other follows when it has opened a packet of it.
///
/// A packet says the lowest bit of its phase. With its number that says which key may open it, one alone, so that a
/// packet is tried once: opening destroys what does not open.
///
/// - error: with no room in the vault a phase does not begin, and packets of it do not open, until there is
/// - source: docs/spec/04-protection.md, section 6
final class KeyPhases implements AutoCloseable {
    private static final MemorySegment NOTHING = MemorySegment.NULL;
    private static final long NEVER = Long.MAX_VALUE;

    private final Vault vault;
    private final @Nullable Consumer<LoggedSecret> log;
    /// Of the phase in which the peer was last heard.
    private SessionKeys current;
    /// Of the phase after it; made when we begin it, or when a packet claims to be of it.
    private @Nullable SessionKeys next;
    /// Opens packets of the phase before that were overtaken.
    private @Nullable PacketKey previous;
    private long previousUntilNanos = NEVER;
    private boolean mixtureAgreed;
    private boolean mixtureAwaited;
    private @Nullable Secret mixture;
    private MemorySegment mixtureTranscript = NOTHING;
    private long phase;
    private boolean ahead;
    private long firstOpened;
    private long firstSent;

    /// @param log hears of traffic secrets; null: nobody does
    KeyPhases(SessionKeys first, Vault vault, @Nullable Consumer<LoggedSecret> log) {
        current = first;
        this.vault = vault;
        this.log = log;
    }

    /// The phase in which packets leave; the first is 0.
    long phase() {
        return ahead ? phase + 1 : phase;
    }

    /// What the two sides keep when the channel is gone; null once the first phase is over.
    @Nullable
    Secret presence() {
        return current.presence();
    }

    // ---- the post-quantum secret

    // = docs/spec/04-protection.md R4.15
    /// From now on the next phase waits for [#mix].
    ///
    /// @return false when that was agreed before
    boolean awaitMixture() {
        boolean first = !mixtureAgreed;
        mixtureAgreed = true;
        mixtureAwaited |= first;
        return first;
    }

    /// Takes a secret that enters the next phase, together with the hash of what it came from.
    void mix(Secret secret, MemorySegment transcript) {
        mixture = secret;
        mixtureTranscript = transcript;
    }

    /// Whether what leaves now is sealed under keys that the secret has entered.
    boolean isPostQuantum() {
        return mixtureAgreed && !mixtureAwaited && phase() > 0;
    }

    // ---- out

    /// What seals packets now.
    PacketKey sendKey() {
        return ahead && next != null ? next.send() : current.send();
    }

    /// What such a packet says of its phase.
    int sendBit() {
        return (int) phase() & 1;
    }

    /// Packets sealed in this phase, when the next has this number.
    long sealed(long nextNumber) {
        return nextNumber - firstSent;
    }

    // = docs/spec/04-protection.md R4.9
    // = docs/spec/04-protection.md R4.15
    /// Whether the next phase may begin: the peer sends in this one, and has opened a packet of it. The phase that
    /// the
    /// post-quantum secret enters is the client's to begin: only a client knows that both have it.
    boolean mayBegin(long largestAcked) {
        boolean ours = phase > 0 || !mixtureAgreed || current.client();
        return ours && !ahead && largestAcked >= firstSent;
    }

    /// Begins the next phase, with the packet of this number.
    ///
    /// @return whether the vault had room for it
    boolean begin(long nextNumber) {
        ahead = nextKeys() != null;
        if (ahead) {
            firstSent = nextNumber;
        }
        return ahead;
    }

    // ---- in

    /// What unmasks headers, the same in all phases.
    PacketKey headerKey() {
        return current.receive();
    }

    // = docs/spec/04-protection.md R4.10
    /// What may open a packet; null: nothing here.
    @Nullable
    PacketKey keyFor(int bit, long number) {
        if (isCurrent(bit)) {
            return current.receive();
        }
        if (number < firstOpened) {
            return previous;
        }
        SessionKeys keys = nextKeys();
        return keys == null ? null : keys.receive();
    }

    /// A packet has opened with [#keyFor].
    ///
    /// @param nextNumber of the packet we send next
    /// @param overtakenNanos how long packets may be late
    void onOpened(long nowNanos, int bit, long number, long nextNumber, long overtakenNanos) {
        SessionKeys keys = next;
        if (isCurrent(bit)) {
            firstOpened = Math.min(firstOpened, number);
        } else if (number >= firstOpened && keys != null) {
            follow(keys, number, nextNumber);
            previousUntilNanos = nowNanos + overtakenNanos;
        }
    }

    private void follow(SessionKeys keys, long number, long nextNumber) {
        forgetPrevious();
        previous = current.retire();
        current = keys;
        next = null;
        phase++;
        firstOpened = number;
        if (!ahead) {
            firstSent = nextNumber;
        }
        ahead = false;
    }

    private boolean isCurrent(int bit) {
        return bit == ((int) phase & 1);
    }

    private @Nullable SessionKeys nextKeys() {
        if (next == null && !(mixtureAwaited && mixture == null)) {
            try {
                next = mixture == null
                        ? current.next(vault, NOTHING, log)
                        : current.next(vault, mixtureTranscript, log, mixture);
                forgetMixture();
            } catch (VaultFullException full) {
                return null;
            }
        }
        return next;
    }

    private void forgetMixture() {
        if (mixture != null) {
            mixture.close();
            mixture = null;
            mixtureTranscript = NOTHING;
            mixtureAwaited = false;
        }
    }

    // ---- the end of keys

    // = docs/spec/04-protection.md R4.8
    /// Whether this phase has sealed all it may.
    boolean isExhausted(long nextNumber) {
        return sealed(nextNumber) >= Limits.PACKETS_PER_KEY_MAX || nextNumber >= Limits.PACKET_NUMBER_MAX;
    }

    /// As if so many more packets had been sealed in this phase: tests cannot wait for them.
    void age(long packets) {
        firstSent -= packets;
    }

    /// When [#handleDeadline] has work.
    long nextNanos() {
        return previousUntilNanos;
    }

    // = docs/spec/04-protection.md R4.12
    void handleDeadline(long nowNanos) {
        if (previousUntilNanos != NEVER && nowNanos - previousUntilNanos >= 0) {
            forgetPrevious();
        }
    }

    private void forgetPrevious() {
        if (previous != null) {
            previous.close();
            previous = null;
        }
        previousUntilNanos = NEVER;
    }

    @Override
    public void close() {
        forgetPrevious();
        forgetMixture();
        current.close();
        if (next != null) {
            next.close();
        }
    }
}
