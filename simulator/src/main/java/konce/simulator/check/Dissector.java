package konce.simulator.check;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// Opens the sealed packets that one host sends, by the host's own key log and the specification, without the
/// protocol's code: under which key and number was each sealed?
///
/// - source: docs/spec/02-packets.md sections 2 and 8, docs/spec/04-protection.md section 3
public final class Dissector implements AutoCloseable {
    private static final int CHANNEL_ID = 1;
    private static final int NUMBER_GROUPS_MAX = 7;
    private static final int SAMPLE_BYTES = 16;

    /// What a packet was sealed with.
    ///
    /// @param secret which of the traffic secrets added, counted from 0
    /// @param packetNumber the whole of it
    public record Seal(int secret, long packetNumber) {}

    /// The secrets of one direction of a channel, phase after phase.
    private static final class Direction {
        long newest;
    }

    private record Candidate(int secret, PacketKey key, int phaseBit, byte[] clientRandom, Direction direction) {}

    private final Vault vault;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment packet = arena.allocate(Limits.DATAGRAM_BYTES_MAX);
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<Long, Candidate> channels = new HashMap<>();
    private int secrets;

    /// @param vault for the keys; not closed
    public Dissector(Vault vault) {
        this.vault = vault;
    }

    /// Takes a traffic secret out of the key log: of a channel's first key phase.
    public void add(byte[] clientRandom, byte[] secret) {
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, secret);
        try (Secret traffic = Secret.copyOf(vault, bytes, 0, secret.length)) {
            for (Suite suite : Suite.values()) {
                PacketKey key = PacketKey.derive(vault, suite, traffic);
                candidates.add(new Candidate(secrets, key, 0, clientRandom, new Direction()));
            }
        }
        secrets++;
    }

    /// Takes a traffic secret of the key phase after the last one with this client random. Its header key stays.
    public void addNext(byte[] clientRandom, byte[] secret) {
        MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, secret);
        try (Secret traffic = Secret.copyOf(vault, bytes, 0, secret.length)) {
            int last = candidates.stream()
                    .filter(one -> Arrays.equals(one.clientRandom, clientRandom))
                    .mapToInt(Candidate::secret)
                    .max()
                    .orElseThrow();
            for (Candidate before : List.copyOf(candidates)) {
                if (before.secret == last) {
                    PacketKey key = before.key.next(vault, traffic);
                    candidates.add(new Candidate(secrets, key, 1 - before.phaseBit, clientRandom, before.direction));
                }
            }
        }
        secrets++;
    }

    /// What a DATA or COOKIE-ACK packet was sealed with; null where it opens under no key that was logged.
    public @Nullable Seal dissect(byte[] datagram, int numberOffset) {
        long channel = 0;
        for (int i = CHANNEL_ID; i < CHANNEL_ID + Long.BYTES; i++) {
            channel = channel << 8 | (datagram[i] & 0xFF);
        }
        Candidate known = channels.get(channel);
        Seal seal = known == null ? null : open(known, datagram, numberOffset);
        // newest first: a new channel's secrets came last
        for (int i = candidates.size() - 1; seal == null && i >= 0; i--) {
            Candidate candidate = candidates.get(i);
            seal = open(candidate, datagram, numberOffset);
            if (seal != null) {
                channels.put(channel, candidate);
            }
        }
        return seal;
    }

    private @Nullable Seal open(Candidate candidate, byte[] datagram, int numberOffset) {
        int sealedEnd = datagram.length - candidate.key.tagBytes();
        if (sealedEnd <= numberOffset) {
            return null;
        }
        MemorySegment.copy(datagram, 0, packet, ValueLayout.JAVA_BYTE, 0, datagram.length);
        long mask = candidate.key.headerMask(packet, datagram.length - SAMPLE_BYTES);
        byte first = (byte) (datagram[0] ^ (mask & 0x0F));
        if ((first & 0x0F) != candidate.phaseBit) {
            return null;
        }
        packet.set(ValueLayout.JAVA_BYTE, 0, first);
        long low = 0;
        int groups = 0;
        byte group;
        do {
            group = (byte) (datagram[numberOffset + groups] ^ (mask >>> (8 * (groups + 1))));
            packet.set(ValueLayout.JAVA_BYTE, numberOffset + (long) groups, group);
            low |= (group & 0x7FL) << (7 * groups);
            groups++;
        } while (group < 0 && groups < NUMBER_GROUPS_MAX && numberOffset + groups < sealedEnd);
        long number = nearest(low, groups, candidate.direction.newest + 1);
        int header = numberOffset + groups;
        if (!candidate.key.open(packet, 0, header, datagram.length - header, number)) {
            return null;
        }
        candidate.direction.newest = Math.max(candidate.direction.newest, number);
        return new Seal(candidate.secret, number);
    }

    /// The number with these low bits that lies nearest to the one expected: whoever repeats a number is found out
    /// too.
    private static long nearest(long low, int groups, long expected) {
        long window = 1L << (7 * groups);
        long number = (expected & -window) | low;
        if (number - expected > window / 2 && number >= window) {
            return number - window;
        }
        return expected - number > window / 2 ? number + window : number;
    }

    @Override
    public void close() {
        for (Candidate candidate : candidates) {
            candidate.key.close();
        }
        arena.close();
    }
}
