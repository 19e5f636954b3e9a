package konce.names.client;

import java.util.ArrayList;
import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Genesis;
import konce.names.ledger.Subject;
import org.jspecify.annotations.Nullable;

/// What a client must remember so as never to go back, also after a restart.
///
/// @param genesis the ledger it was started with
/// @param witnesses the witness set of the newest checkpoint
/// @param newest the newest checkpoint believed; null before the first
/// @param signedSeconds since when a quorum has signed it; 0 before the first
/// @param seen the newest bindings seen, those unused for long first; at most [#SEEN_MAX]
public record ClientRecord(
        Hash genesis, WitnessSet witnesses, @Nullable SignedCheckpoint newest, long signedSeconds, List<Seen> seen) {
    /// Names whose newest binding is remembered, and at least half of them those used last. Of one that was
    /// forgotten, an old binding can be replayed for as
    /// long
    /// as it is good.
    public static final int SEEN_MAX = 4_096;

    /// The longest encoding.
    public static final int BYTES_MAX = Hash.BYTES
            + WitnessSet.BYTES_MAX
            + 1
            + SignedCheckpoint.BYTES_MAX
            + 8
            + 2
            + SEEN_MAX * (1 + Subject.TEXT_CHARS_MAX + 4 + 8);

    /// A binding that was believed.
    public record Seen(Subject subject, int owner, long sequence) {
        void write(ByteWriter out) {
            Subject.write(subject, out);
            out.u31(owner).u63(sequence);
        }

        static Seen read(ByteReader in) throws MalformedException {
            return new Seen(Subject.read(in), in.u31(), in.u63());
        }
    }

    public ClientRecord {
        seen = List.copyOf(seen);
        if (seen.size() > SEEN_MAX) {
            throw new IllegalArgumentException(seen.size() + " bindings; at most " + SEEN_MAX);
        }
    }

    /// Of a client that has believed nothing yet, and trusts the witnesses that this genesis names.
    public static ClientRecord start(Genesis genesis) {
        return new ClientRecord(genesis.id(), genesis.witnesses(), null, 0, List.of());
    }

    /// The lowest sequence of a binding that is not a replay.
    long sequenceMin(Subject subject, int owner) {
        long min = 0;
        for (Seen each : seen) {
            if (each.owner == owner && each.subject.equals(subject)) {
                min = each.sequence;
            }
        }
        return min;
    }

    ClientRecord withCheckpoint(WitnessSet set, SignedCheckpoint checkpoint, long signed) {
        return new ClientRecord(genesis, set, checkpoint, signed, seen);
    }

    ClientRecord withSeen(Seen binding) {
        // One that is among the younger half stays where it is: otherwise every look at a name would have all of it
        // written down anew.
        if (seen.indexOf(binding) >= Math.max(0, seen.size() - SEEN_MAX / 2)) {
            return this;
        }
        List<Seen> next = new ArrayList<>(seen);
        next.removeIf(each -> each.subject.equals(binding.subject));
        if (next.size() == SEEN_MAX) {
            next.removeFirst();
        }
        next.add(binding);
        return new ClientRecord(genesis, witnesses, newest, signedSeconds, next);
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter().hash(genesis);
        witnesses.write(out);
        out.u8(newest == null ? 0 : 1);
        if (newest != null) {
            newest.write(out);
        }
        return out.u63(signedSeconds).list16(seen, Seen::write).toBytes();
    }

    /// The record that is the whole of `bytes`.
    public static Decoded<ClientRecord> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, ClientRecord::read);
    }

    private static ClientRecord read(ByteReader in) throws MalformedException {
        return new ClientRecord(
                in.hash(),
                WitnessSet.read(in),
                in.u8(0, 1, "flag") == 1 ? SignedCheckpoint.read(in) : null,
                in.u63(Checkpoint.TIME_SECONDS_MAX, "time"),
                in.list16(SEEN_MAX, "bindings", Seen::read));
    }
}
