package konce.protocol.handshake;

import java.lang.foreign.MemorySegment;
import konce.crypto.PacketKey;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.wire.CookieEcho;
import org.jspecify.annotations.Nullable;

/// A client's group operations: from a COOKIE-ECHO whose box and early payload stand in clear to one that is sealed and
/// only lacks its solution. Runs on any thread.
///
/// - source: docs/spec/03-handshake.md, section 2
final class ClientAgreement implements Runnable, AutoCloseable {
    /// Who talks to whom.
    ///
    /// @param server C
    /// @param identity a; null: anonymous
    /// @param invitation of a private group; null: none
    record Parties(
            Vault vault,
            PublicKey server,
            @Nullable SecretKey identity,
            @Nullable Secret invitation,
            boolean keyLog) {}

    private final Parties parties;
    private final Candidate candidate;
    private final SecretKey b;
    private final MemorySegment packet;
    private final int boxOffset;
    private @Nullable KeySchedule schedule;
    private @Nullable PacketKey changeKey;

    /// @param b the transient key, closed by this
    /// @param packet the whole packet, box and early payload in clear with room for their tags
    ClientAgreement(Parties parties, Candidate candidate, SecretKey b, MemorySegment packet, int boxOffset) {
        this.parties = parties;
        this.candidate = candidate;
        this.b = b;
        this.packet = packet;
        this.boxOffset = boxOffset;
    }

    Candidate candidate() {
        return candidate;
    }

    MemorySegment packet() {
        return packet;
    }

    @Override
    public void run() {
        KeySchedule made = new KeySchedule(parties.vault(), candidate.handshake(), parties.keyLog());
        try {
            agree(made);
            schedule = made;
        } catch (VaultFullException e) {
            made.close();
        }
    }

    /// Whether there was room for its secrets.
    boolean hasAgreed() {
        return schedule != null;
    }

    private void agree(KeySchedule made) {
        Vault vault = parties.vault();
        try (Secret bD = b.multiply(vault, candidate.transientKey());
                Secret bC = b.multiply(vault, parties.server())) {
            made.begin(packet, boxOffset, candidate.transientKey(), parties.server());
            try (PacketKey key = made.boxKey(bD, bC, parties.invitation())) {
                key.seal(packet, boxOffset, 0, CookieEcho.BOX_PLAIN_BYTES, 0);
            }
            changeKey = made.changeKey(bD);
            made.sealedBox(packet, boxOffset);
            int early = boxOffset + CookieEcho.BOX_BYTES;
            long earlyBytes = packet.byteSize() - early;
            try (PacketKey key = earlyKey(made)) {
                key.seal(packet, early, 0, (int) earlyBytes - CookieEcho.TAG_BYTES, 0);
            }
        }
    }

    private PacketKey earlyKey(KeySchedule made) {
        SecretKey a = parties.identity();
        if (a == null) {
            return made.earlyKey();
        }
        try (Secret aD = a.multiply(parties.vault(), candidate.transientKey());
                Secret aC = a.multiply(parties.vault(), parties.server())) {
            return made.earlyKey(a.publicKey(), aD, aC);
        }
    }

    /// Once the solution stands in the packet: the schedule, ready for server randoms.
    KeySchedule sealed() {
        KeySchedule made = schedule();
        int early = boxOffset + CookieEcho.BOX_BYTES;
        return made.sealedEarly(packet, early, packet.byteSize() - early);
    }

    KeySchedule schedule() {
        if (schedule == null) {
            throw new IllegalStateException("the agreement has not run");
        }
        return schedule;
    }

    PacketKey changeKey() {
        if (changeKey == null) {
            throw new IllegalStateException("the agreement has not run");
        }
        return changeKey;
    }

    @Override
    public void close() {
        b.close();
        if (schedule != null) {
            schedule.close();
        }
        if (changeKey != null) {
            changeKey.close();
        }
    }
}
