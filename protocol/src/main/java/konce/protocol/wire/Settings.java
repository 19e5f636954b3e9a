package konce.protocol.wire;

import java.util.ArrayList;
import java.util.List;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// What each side tells the other once, inside encryption, before anything else: the client at the start of the early
/// payload, the server at the start of every COOKIE-ACK.
///
/// - shape: channel id (8), attempt (8), then varints: credit, largest message, idle milliseconds, key encapsulation,
/// number of tags; then
///   the tags (16 each)
/// - source: docs/spec/02-packets.md, section 9
///
/// @param channelId what the peer writes into packets for us
/// @param attempt a client's: random, the same in every COOKIE-ECHO of one attempt to connect, so that the server knows
///   a repeat under another cookie; a server's: 0
/// @param creditBytes bytes of messages that may be begun at once
/// @param messageBytesMax the largest message taken
/// @param idleNanos silence after which we end the channel
/// @param encapsulation the key encapsulation that the channel's keys are to be mixed with: [#NO_ENCAPSULATION],
///   [#ML_KEM_768], or one we do not know; both sides have to name the same
/// @param earlier a client's: the processes of the server that may have taken its first message before; a server's:
/// none
/// @param ticket a server's: by what it knows the client when it comes again; null: a client's, or the client has shown
///   no key
public record Settings(
        long channelId,
        long attempt,
        long creditBytes,
        int messageBytesMax,
        long idleNanos,
        long encapsulation,
        List<ProcessTag> earlier,
        @Nullable Ticket ticket) {
    public static final long NO_ENCAPSULATION = 0;
    public static final long ML_KEM_768 = 1;

    private static final long MILLI = 1_000_000L;

    /// Bytes of the longest encoding.
    public static final int BYTES_MAX = 16 + 4 * 10 + 1 + Limits.PROCESS_TAGS_MAX * ProcessTag.BYTES + 1 + Ticket.BYTES;

    public void write(ByteWriter out) {
        out.writeLong(channelId);
        out.writeLong(attempt);
        out.writeVarint(creditBytes);
        out.writeVarint(messageBytesMax);
        out.writeVarint(idleNanos / MILLI);
        out.writeVarint(encapsulation);
        out.writeVarint(earlier.size());
        earlier.forEach(tag -> tag.write(out));
        out.writeVarint(ticket == null ? 0 : 1);
        if (ticket != null) {
            ticket.write(out);
        }
    }

    // = docs/spec/02-packets.md R2.8
    /// Reads one; with the reader failed the values mean nothing.
    public static Settings read(ByteReader in) {
        return new Settings(
                in.readLong(),
                in.readLong(),
                in.readVarint(Limits.CREDIT_BYTES_MAX),
                (int) in.readVarint(Limits.MESSAGE_BYTES_MAX),
                in.readVarint(Limits.TIMEOUT_NANOS_MAX / MILLI) * MILLI,
                in.readVarint(),
                readTags(in),
                in.readVarint(1) == 0 ? null : new Ticket(in.readLong(), in.readLong()));
    }

    private static List<ProcessTag> readTags(ByteReader in) {
        int count = (int) in.readVarint(Limits.PROCESS_TAGS_MAX);
        List<ProcessTag> tags = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tags.add(ProcessTag.read(in));
        }
        return List.copyOf(tags);
    }
}
