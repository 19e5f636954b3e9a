package konce.protocol;

// = docs/spec/01-notation.md R1.2
/// Every limit of the protocol, with its unit, its reason, and what an attacker gains at most.
///
/// - source: docs/spec/01-notation.md, section 4
public final class Limits {
    private static final long SECOND = 1_000_000_000L;

    /// Bytes of the longest datagram taken or sent: what UDP carries.
    public static final int DATAGRAM_BYTES_MAX = 65_507;

    /// Bytes of datagram any path is believed to carry before it is measured (RFC 8899 BASE_PLPMTU).
    public static final int DATAGRAM_BYTES_BASE = 1_200;

    /// Bytes of an INIT, exactly: no INIT-ACK is longer, so a spoofed INIT gains an attacker nothing.
    public static final int INIT_BYTES = 256;

    /// Bytes of the smallest COOKIE-ECHO: a key-change notice is no longer.
    public static final int COOKIE_ECHO_BYTES_MIN = 512;

    /// Lists in a protocol offer, and numbers in each.
    public static final int PROTOCOL_LISTS_MAX = 4;

    public static final int PROTOCOLS_PER_LIST_MAX = 8;

    /// Bytes of an encoded protocol offer.
    public static final int PROTOCOL_OFFER_BYTES_MAX = 48;

    /// Processes of a server that a client names when it comes again under another cookie. Each makes its
    /// COOKIE-ECHO 16
    /// bytes longer; with more, what was sent under them is given up. Reached only by whoever forges INIT-ACKs all
    /// the
    /// time.
    public static final int PROCESS_TAGS_MAX = 16;

    /// Bytes of either side's parameters.
    public static final int PARAMETERS_BYTES_MAX = 64;

    /// Nanoseconds a cookie is good for. Longer lets solutions be stockpiled; shorter locks out slow solvers.
    public static final long COOKIE_LIFETIME_NANOS = 30 * SECOND;

    /// Nanoseconds between two transient server keys. The one before stays until its cookies have expired.
    public static final long TRANSIENT_KEY_NANOS = 90 * SECOND;

    /// Accepted sequence numbers remembered until their cookies expire. Full: handshakes are refused (BUSY).
    public static final int ACCEPTED_SEQUENCES_MAX = 1 << 16;

    /// Handshakes waiting for group operations. At 200 us each this is 0.2 s of work. Full: those that offered
    /// least go
    /// (OUTBID).
    public static final int AGREEMENTS_PENDING_MAX = 1_024;

    /// Nanoseconds a handshake may wait for its group operations; later its client has asked again (STALE).
    public static final long AGREEMENT_WAIT_NANOS_MAX = 2 * SECOND;

    /// Durable keys a server knows again by their tickets, 28 bytes each. Full: the one met longest ago is
    /// forgotten.
    public static final int KNOWN_KEYS_MAX = 1 << 16;

    /// Nanoseconds for which a key is known after it was met.
    public static final long KNOWN_NANOS = 3_600 * SECOND;

    /// Agreements of a known key that weigh nothing; they fade like the burdens of prefixes.
    public static final int KNOWN_ALLOWANCE = 10;

    /// Hashes that one of a known key counts for.
    public static final int KNOWN_FAVOUR = 4;

    /// The part of its prefixes' factor that a known key bears: one of so many.
    public static final int KNOWN_PREFIX_SHARE = 16;

    /// Tickets a client keeps. Full: the oldest goes, and its server knows the client no more.
    public static final int TICKETS_MAX = 1 << 12;

    /// Invitations to private groups that one server looks for in each INIT: about 20 ns each. More are refused
    /// when
    /// they are made.
    public static final int INVITATIONS_MAX = 256;

    /// Durable keys that one invitation may let in.
    public static final int GROUP_MEMBERS_MAX = 1 << 16;

    /// Address prefixes whose burdens are remembered, 16 bytes each. Full: the least burden is forgotten.
    public static final int STANDING_ENTRIES_MAX = 1 << 16;

    /// Nanoseconds in which the burden of a prefix fades to a half.
    public static final long STANDING_HALF_LIFE_NANOS = 8 * SECOND;

    /// Handshakes that one address may burden a server with before it is asked for more than others: about nine a
    /// second
    /// for ever, a hundred at once. Wider prefixes have a small multiple.
    public static final int STANDING_ALLOWANCE = 100;

    /// Nanoseconds for which INITs are counted by their prefixes.
    public static final long INIT_WINDOW_NANOS = SECOND / 100;

    /// INITs answered in a window before each prefix is held to its share: 25,600 a second, several times the
    /// handshakes that a core can do, in a tenth of a core's time. More are left unanswered (BUSY).
    public static final int INITS_PER_WINDOW = 256;

    /// Counters of INITs by prefix, 4 bytes each. More prefixes share them.
    public static final int INIT_PREFIXES_MAX = 1 << 14;

    /// Handshakes a client has under way at once.
    public static final int CONNECTS_MAX = 1_024;

    /// INIT-ACKs a client keeps beside the one it follows, and times it leaves one for a cheaper one.
    public static final int INIT_ACK_CANDIDATES_MAX = 4;

    /// Expected hashes a client does for one INIT-ACK by default: a few seconds on one core. The time to connect
    /// bounds the work for several.
    public static final long EFFORT_MAX_DEFAULT = 1L << 24;

    /// The largest effort that can be asked: it travels in 32 bits.
    public static final long EFFORT_MAX = 0xFFFF_FFFFL;

    /// Nanoseconds after its first COOKIE-ECHO in which a client may repeat messages under another cookie. A server
    /// keeps a channel whose client it has not heard for longer ([#UNACKNOWLEDGED_NANOS_MAX]), and so knows the
    /// repeat.
    public static final long ATTEMPT_NANOS_MAX = 20 * SECOND;

    /// Accepted attempts remembered until none of their cookies can be good. Full: handshakes are refused (BUSY);
    /// that takes more than 2,600 worked and authentic ones a second.
    public static final int RECENT_ATTEMPTS_MAX = 1 << 17;

    /// Network addresses tried for one peer.
    public static final int ADDRESSES_PER_PEER_MAX = 8;

    /// Channels of one endpoint. Full: handshakes are refused.
    public static final int CHANNELS_MAX = 1 << 17;

    /// Packets of one key phase after which the next begins: who steals keys opens no more of the past than that.
    public static final long KEY_UPDATE_PACKETS = 1L << 20;

    /// Packets sealed in one key phase before the channel ends, because the peer does not follow into the next; far
    /// below any bound of the ciphers.
    public static final long PACKETS_PER_KEY_MAX = 1L << 32;

    /// Bytes of a piece of an ML-KEM-768 key: half of it, so that it fits into any packet.
    public static final int ENCAPSULATION_PIECE_BYTES_MAX = 592;

    /// How old a client's channel is when it begins to make its keys post-quantum, if no message waits for that.
    public static final long EXCHANGE_DELAY_NANOS = 25_000_000L;

    /// Packet numbers of one channel: three hundred days at ten million a second.
    public static final long PACKET_NUMBER_MAX = 1L << 48;

    /// Packets that may fail to open on one channel before it closes (RFC 9001 section 6.6: 2^36 for
    /// ChaCha20-Poly1305).
    public static final long AUTHENTICATION_FAILURES_MAX = 1L << 36;

    /// Runs of received packets remembered; below them every packet counts as a repeat. 16 bytes each.
    public static final int RECEIVED_RUNS_MAX = 512;

    /// Runs in one ACK: below them nothing is said.
    public static final int ACK_RUNS_MAX = 64;

    /// Nanoseconds an acknowledgement may be held back.
    public static final long ACK_DELAY_NANOS_MAX = 5_000_000L;

    /// Packets that may wait for one ACK where the peer asks for few: more would let its window run dry.
    public static final int ACK_PACKETS_MAX = 256;

    /// Packets in flight on one channel: 64 bytes of bookkeeping each. In small datagrams that is 0.8 GB/s over 100
    /// ms.
    public static final int PACKETS_IN_FLIGHT_MAX = 1 << 16;

    /// Bytes of the largest message by default: it has to fit in memory.
    public static final int MESSAGE_BYTES_MAX = 16 << 20;

    /// Bytes a message costs in credit beside its payload: what it costs to remember it.
    public static final int MESSAGE_OVERHEAD_BYTES = 256;

    /// Bytes of credit a channel gives by default: two of the largest messages.
    public static final long CREDIT_BYTES_DEFAULT = 2L * (MESSAGE_BYTES_MAX + MESSAGE_OVERHEAD_BYTES);

    /// Bytes of the least credit a channel gives: what a packet full of the smallest messages costs.
    public static final long CREDIT_BYTES_MIN = 1 << 16;

    /// Bytes of the most credit a peer is believed.
    public static final long CREDIT_BYTES_MAX = 1L << 32;

    /// Message ids that may be open at once in one direction of a channel.
    public static final int MESSAGES_OPEN_MAX = 1 << 14;

    /// Separate gaps in one message being put together. More: the peer scatters segments on purpose.
    public static final int GAPS_PER_MESSAGE_MAX = 2_048;

    /// Bytes allocated at a time for a message of which less than an eighth has come.
    public static final int REASSEMBLY_BLOCK_BYTES = 1 << 16;

    /// CANCEL and REFUSE frames of one channel that are not acknowledged. Full: a REFUSE is dropped, the peer's
    /// deadline settles its send.
    public static final int CONTROLS_MAX = 1 << 10;

    /// Prompt handlers of one channel that wait for a reply.
    public static final int REPLIES_WAITING_MAX = 1 << 16;

    /// Bytes of messages, whole or in part, that an endpoint holds for all its peers together. Full: messages are
    /// refused as BUSY.
    public static final long HELD_BYTES_MAX = 1L << 30;

    /// Bytes of memory of large messages that programs have given back, kept for later ones. Full: the oldest goes.
    public static final int SPARE_BYTES_MAX = 1 << 25;

    /// Session handlers of one channel.
    public static final int SESSION_HANDLERS_MAX = 1 << 12;

    /// Sends of one endpoint that have not settled.
    public static final int SENDS_OPEN_MAX = 1 << 18;

    /// Bytes of payload of one endpoint that have not settled.
    public static final long SENDS_OPEN_BYTES_MAX = 1L << 30;

    /// Events an endpoint holds for its driver before it stops taking datagrams.
    public static final int EVENTS_MAX = 1 << 16;

    /// Bytes of text in a CLOSE.
    public static final int CLOSE_TEXT_BYTES_MAX = 256;

    /// The largest handler number.
    public static final long HANDLER_NUMBER_MAX = (1L << 56) - 1;

    /// Durable handler numbers below this are agreed on by applications.
    public static final int WELL_KNOWN_HANDLERS = 1 << 16;

    /// The last, least urgent priority.
    public static final int PRIORITY_MAX = 7;

    public static final int PRIORITY_DEFAULT = 3;

    /// The longest time any option may name: 30 days.
    public static final long TIMEOUT_NANOS_MAX = 30L * 86_400 * SECOND;

    /// Nanoseconds of silence after which a channel that is to stay reachable says something: translators forget
    /// after
    /// 30 seconds, the quicker ones.
    public static final long KEEP_ALIVE_NANOS = 25 * SECOND;

    /// Nanoseconds data may go unacknowledged before the peer counts as gone.
    public static final long UNACKNOWLEDGED_NANOS_MAX = 30 * SECOND;

    /// Active presences of an endpoint at most: 192 bytes each, and 32 in indices.
    public static final int PRESENCES_MAX = 1 << 20;

    /// Bytes of a message or reply between presences: what fits into one base datagram.
    public static final int PRESENCE_PAYLOAD_BYTES_MAX = 1_100;

    /// Messages of presences that wait for their answer. Full: a channel is made instead.
    public static final int PRESENCE_SENDS_MAX = 1 << 14;

    /// Replies of presences kept for repeats of their messages. Full: the oldest goes, and a repeat learns only
    /// that
    /// it was taken.
    public static final int PRESENCE_REPLIES_MAX = 1 << 12;

    /// Nanoseconds a presence must have been silent before another may take its place.
    public static final long PRESENCE_IDLE_NANOS_MIN = 900 * SECOND;

    /// The code of a CLOSE that refuses a client which shows no identity. Codes 1 to 15 refuse a channel as such.
    public static final int CLOSE_IDENTITY_REQUIRED = 1;

    /// The code of a CLOSE by which a server refuses a client whose first message another process of it may have
    /// taken
    /// (chapter 3, section 11).
    public static final int CLOSE_ANOTHER_PROCESS = 2;

    /// The code of a CLOSE that refuses a client whose key is no member of the private group (chapter 17).
    public static final int CLOSE_NO_MEMBER = 3;

    /// The last code that refuses a channel as such.
    public static final int CLOSE_REFUSAL_MAX = 15;

    private Limits() {}
}
