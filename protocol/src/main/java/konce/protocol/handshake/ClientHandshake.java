package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.Blake2b;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.Suite;
import konce.crypto.VaultFullException;
import konce.crypto.VerifyingKey;
import konce.protocol.Address;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.HandshakeStep;
import konce.protocol.HandshakeSummary;
import konce.protocol.KeyChangeNotice;
import konce.protocol.Limits;
import konce.protocol.SessionProtocol;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.ProcessTag;
import konce.protocol.wire.ProtocolOffer;
import org.jspecify.annotations.Nullable;

/// The client's half of the handshake: one attempt to reach one server, from the first INIT to the first authentic
/// COOKIE-ACK.
///
/// Nothing the server says is believed before a COOKIE-ACK opens. So INIT-ACKs beyond the first are kept, in case the
/// first was forged; a cheaper one is tried first; and bad news (too much work, no common protocol, a changed key that
/// nobody vouches for) only counts when nothing better has come for a second.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/03-handshake.md, section 9
public final class ClientHandshake implements AutoCloseable {
    private static final long MILLI = 1_000_000L;
    private static final long INIT_RETRY_NANOS_MAX = 1_600 * MILLI;
    private static final long UNPROVEN_RETRY_NANOS = 100 * MILLI;
    private static final long ECHO_RETRY_NANOS_MIN = 50 * MILLI;
    /// An INIT-ACK proves nothing: a forged one may name an old INIT and so make the round trip seem as long as it
    /// likes.
    private static final long ECHO_RETRY_NANOS_MAX = 3_200 * MILLI;

    /// A cookie may be used up by a damaged copy of its packet, so a fresh one is asked for soon.
    private static final int ECHO_TRIES_MAX = 3;

    /// Tries of a COOKIE-ECHO that is not sent any more: INITs are, and whichever answer comes first counts.
    private static final int ASKING_AGAIN = Integer.MAX_VALUE;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final ConnectPlan plan;
    private final ClientAgreement.Parties parties;
    private final Clues clues;
    private final RandomSource random;
    private final EarlyPayload early;
    private final HandshakeTrace trace;
    private final SentInits inits;
    private final BadNews news;
    private final SpareCandidates spares = new SpareCandidates();
    private final EchoHistory history = new EchoHistory();
    private final ArrayDeque<Runnable> jobs = new ArrayDeque<>();
    private final ByteWriter out = new ByteWriter();
    private final long beganNanos;
    private ClientState state = new ClientState.AwaitInitAck();
    private boolean sendDue = true;
    private long wakeNanos = Long.MAX_VALUE;
    private int switches;
    private boolean sawInitAck;
    private Address remote;
    private int packetsSent;
    private int packetsReceived;
    private long bytesSent;
    private long bytesReceived;

    public ClientHandshake(
            ConnectPlan plan,
            konce.crypto.Vault vault,
            RandomSource random,
            EarlyPayload early,
            HandshakeTrace trace,
            boolean keyLog,
            long nowNanos) {
        this.plan = plan;
        this.random = random;
        this.early = early;
        this.trace = trace;
        parties = new ClientAgreement.Parties(vault, plan.server(), plan.identity(), plan.invitation(), keyLog);
        clues = new Clues(vault, random, plan.invitation());
        inits = new SentInits(random, clues, plan.ticket(), plan.addresses().size());
        news = new BadNews(nowNanos);
        beganNanos = nowNanos;
        remote = plan.addresses().getFirst();
    }

    /// The first eight bytes of the client random, by which answers find this handshake.
    public long key() {
        return inits.key();
    }

    /// The server address in use.
    public Address remote() {
        return remote;
    }

    public byte[] clientRandom() {
        return inits.clientRandom();
    }

    /// Takes an INIT-ACK whose client random is ours but perhaps for its last byte.
    public DropReason handleInitAck(long nowNanos, Address from, MemorySegment packet) {
        if (packet.byteSize() < InitAck.BYTES_MIN || packet.byteSize() > Limits.INIT_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        Candidate.SentInit init = inits.of(packet);
        // = docs/spec/03-handshake.md R3.15
        if (init == null
                || state instanceof ClientState.Ended
                || !plan.addresses().contains(from)) {
            return DropReason.STALE;
        }
        Candidate candidate = Candidate.read(nowNanos, from, packet, init, plan.ours());
        if (candidate == null) {
            return DropReason.MALFORMED;
        }
        received(packet.byteSize());
        sawInitAck = true;
        trace.step(
                nowNanos,
                from,
                HandshakeStep.INIT_ACK_RECEIVED,
                packet.byteSize(),
                "effort asked " + candidate.effort());
        // = docs/spec/17-private-groups.md R17.7
        if (!clues.isAnswered(candidate)) {
            hearUnproven(nowNanos, packet, new ConnectFailure.NotInvited());
            return DropReason.NONE;
        }
        // = docs/spec/03-handshake.md R3.10
        if (candidate.effort() > plan.effortMax()) {
            hearUnproven(nowNanos, packet, new ConnectFailure.EffortTooHigh(candidate.effort(), plan.effortMax()));
            return DropReason.NONE;
        }
        consider(nowNanos, candidate);
        return DropReason.NONE;
    }

    /// Takes the server's own lists.
    public DropReason handleLists(long nowNanos, Address from, MemorySegment packet) {
        ProtocolOffer lists = new ProtocolOffer();
        long length = packet.byteSize() - 1 - Init.CLIENT_RANDOM_BYTES;
        if (packet.byteSize() < InitAck.LISTS_BYTES_MIN || packet.byteSize() > Limits.INIT_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        ByteReader in = new ByteReader().wrap(packet, 1L + Init.CLIENT_RANDOM_BYTES, length);
        lists.read(in);
        if (!in.isOk() || in.remaining() != 0) {
            return DropReason.MALFORMED;
        }
        boolean fits = ProtocolOffer.choose(plan.ours(), lists, ProtocolOffer.HANDSHAKE) >= 0
                && ProtocolOffer.choose(plan.ours(), lists, ProtocolOffer.SESSION) >= 0;
        if (fits || inits.of(packet) == null || !plan.addresses().contains(from)) {
            return DropReason.STALE;
        }
        received(packet.byteSize());
        hearUnproven(nowNanos, packet, new ConnectFailure.NoCommonProtocol(lists.toString()));
        return DropReason.NONE;
    }

    /// Takes a KEY-CHANGE.
    public DropReason handleKeyChange(long nowNanos, Address from, MemorySegment packet) {
        if (packet.byteSize() != KeyChange.PACKET_BYTES) {
            return DropReason.BAD_LENGTH;
        }
        if (!(state instanceof ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule _, int _))
                || !from.equals(remote)) {
            return DropReason.STALE;
        }
        if (!KeyChange.isAnswer(packet, agreement.packet())) {
            return DropReason.STALE;
        }
        int sealed = KeyChange.PLAIN_BYTES + CookieEcho.TAG_BYTES;
        if (!agreement.changeKey().open(packet, KeyChange.SEALED, 0, sealed, 0)) {
            return DropReason.NOT_AUTHENTIC;
        }
        KeyChangeNotice notice = KeyChange.read(packet);
        if (notice == null) {
            return DropReason.BAD_ELEMENT;
        }
        // = docs/spec/03-handshake.md R3.29
        if (notice.newKey().equals(plan.server())) {
            // it has the key we asked for: our COOKIE-ECHO was damaged on its way
            return DropReason.STALE;
        }
        received(packet.byteSize());
        VerifyingKey master = plan.masterKey();
        boolean vouched = master != null && KeyChange.isVouched(notice, master);
        news.hear(nowNanos, new ConnectFailure.KeyChanged(notice.newKey(), notice.sequence(), vouched));
        if (vouched) {
            news.believe(nowNanos);
        }
        return DropReason.NONE;
    }

    /// Takes a job back.
    public void handleJob(long nowNanos, Runnable job) {
        switch (state) {
            case ClientState.Agreeing(ClientAgreement agreement) when job == agreement -> agreed(nowNanos, agreement);
            case ClientState.Solving(ClientAgreement agreement, PuzzleShare.Board board)
            when job instanceof PuzzleShare share && share.board() == board && share.isWinner() ->
                solved(nowNanos, agreement, share);
            case ClientState.Agreeing _,
                    ClientState.AwaitInitAck _,
                    ClientState.Solving _,
                    ClientState.AwaitCookieAck _,
                    ClientState.Ended _ -> {
                discard(job);
            }
        }
    }

    /// Does what is due: repeats the packet that has no answer yet, gives a candidate up, or the whole attempt.
    public void handleDeadline(long nowNanos) {
        if (nowNanos - wakeNanos < 0 || wakeNanos == Long.MAX_VALUE) {
            return;
        }
        wakeNanos = Long.MAX_VALUE;
        switch (state) {
            case ClientState.AwaitInitAck _ -> sendDue = true;
            case ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule schedule, int tries) -> {
                if (tries < ECHO_TRIES_MAX || tries == ASKING_AGAIN) {
                    sendDue = true;
                } else {
                    nextCandidate(nowNanos, agreement, schedule);
                }
            }
            case ClientState.Agreeing _, ClientState.Solving _, ClientState.Ended _ -> {}
        }
    }

    public long nextDeadlineNanos() {
        return Math.min(sendDue ? beganNanos : wakeNanos, news.dueNanos(isAsking()));
    }

    /// What went wrong, if it is certain by now.
    public @Nullable ConnectFailure failure(long nowNanos) {
        return news.failure(nowNanos, isAsking());
    }

    /// What to say when the time to connect is over.
    public ConnectFailure failureAtDeadline() {
        ConnectFailure heard = news.heard();
        if (heard != null) {
            return heard;
        }
        return sawInitAck ? new ConnectFailure.NotConfirmed() : new ConnectFailure.NoAnswer();
    }

    /// The next job: a [ClientAgreement] or a [PuzzleShare].
    public @Nullable Runnable pollJob() {
        return jobs.poll();
    }

    /// Wipes what a job holds that came back too late.
    public static void discard(Runnable job) {
        if (job instanceof ClientAgreement stale) {
            stale.close();
        }
    }

    public static boolean isPuzzle(Runnable job) {
        return job instanceof PuzzleShare;
    }

    /// Writes the packet that is due at the start of `buffer`, for [#remote].
    ///
    /// @return its bytes; 0 when none is due
    public int pollTransmit(long nowNanos, MemorySegment buffer) {
        if (!sendDue) {
            return 0;
        }
        sendDue = false;
        return switch (state) {
            case ClientState.AwaitInitAck _ -> sendInit(nowNanos, buffer);
            case ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule schedule, int tries) ->
                tries == ASKING_AGAIN
                        ? sendInit(nowNanos, buffer)
                        : sendEcho(nowNanos, buffer, new ClientState.AwaitCookieAck(agreement, schedule, tries + 1));
            case ClientState.Agreeing _, ClientState.Solving _, ClientState.Ended _ -> 0;
        };
    }

    /// The keys that a COOKIE-ACK with this server random stands for; null when none is awaited, or the vault has
    /// no
    /// room. They prove nothing until the packet opens.
    public @Nullable SessionKeys keysFor(MemorySegment packet, long randomOffset, int randomBytes) {
        if (!(state instanceof ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule schedule, int _))) {
            return null;
        }
        try {
            Suite suite = agreement.candidate().session().suite();
            return schedule.sessionKeys(suite, true, packet, randomOffset, randomBytes);
        } catch (VaultFullException e) {
            return null;
        }
    }

    /// Secrets of the candidate in use, for a key log.
    public List<LoggedSecret> logged() {
        return state instanceof ClientState.AwaitCookieAck(ClientAgreement _, KeySchedule schedule, int _)
                ? schedule.logged()
                : List.of();
    }

    public @Nullable SessionProtocol session() {
        return state instanceof ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule _, int _)
                ? agreement.candidate().session()
                : null;
    }

    /// The attempt has succeeded: a COOKIE-ACK opened.
    public HandshakeSummary confirm(long nowNanos, long packetBytes) {
        if (!(state instanceof ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule _, int _))) {
            throw new IllegalStateException("no COOKIE-ACK is awaited");
        }
        received(packetBytes);
        trace.step(nowNanos, remote, HandshakeStep.COOKIE_ACK_RECEIVED, packetBytes, "");
        Candidate used = agreement.candidate();
        agreement.close();
        state = new ClientState.Ended();
        long middleMicros = used.init().clientTime() + used.rttNanos() / 2_000;
        return new HandshakeSummary(
                true,
                used.handshake(),
                used.session().number(),
                used.effort(),
                used.rttNanos(),
                (used.serverTime() - middleMicros) * 1_000,
                nowNanos - beganNanos,
                packetsSent,
                packetsReceived,
                bytesSent,
                bytesReceived,
                0);
    }

    @Override
    public void close() {
        switch (state) {
            case ClientState.Solving(ClientAgreement agreement, PuzzleShare.Board board) -> {
                board.stop();
                agreement.close();
            }
            case ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule _, int _) -> agreement.close();
            case ClientState.Agreeing(ClientAgreement agreement) -> {
                // one under way is closed when its job comes back
                if (jobs.contains(agreement)) {
                    agreement.close();
                }
            }
            case ClientState.AwaitInitAck _, ClientState.Ended _ -> {}
        }
        state = new ClientState.Ended();
        jobs.clear();
        clues.close();
    }

    private int sendInit(long nowNanos, MemorySegment buffer) {
        remote = plan.addresses().get(inits.sent() % plan.addresses().size());
        wakeNanos = nowNanos + Math.min(inits.retryNanos(), INIT_RETRY_NANOS_MAX);
        inits.write(nowNanos, buffer, plan.ours(), out);
        sent(Limits.INIT_BYTES);
        trace.step(nowNanos, remote, HandshakeStep.INIT_SENT, Limits.INIT_BYTES, "");
        return Limits.INIT_BYTES;
    }

    // = docs/spec/03-handshake.md R3.20
    private int sendEcho(long nowNanos, MemorySegment buffer, ClientState.AwaitCookieAck next) {
        state = next;
        MemorySegment packet = next.agreement().packet();
        MemorySegment.copy(packet, 0, buffer, 0, packet.byteSize());
        Candidate candidate = next.agreement().candidate();
        history.onSent(nowNanos, candidate.tag());
        long wait = Math.max(3 * candidate.rttNanos(), ECHO_RETRY_NANOS_MIN) << (next.tries() - 1);
        wakeNanos = nowNanos + Math.min(wait, ECHO_RETRY_NANOS_MAX);
        sent(packet.byteSize());
        trace.step(nowNanos, remote, HandshakeStep.COOKIE_ECHO_SENT, packet.byteSize(), "");
        return (int) packet.byteSize();
    }

    private void consider(long nowNanos, Candidate candidate) {
        switch (state) {
            case ClientState.AwaitInitAck _ -> begin(nowNanos, candidate);
            case ClientState.Solving(ClientAgreement agreement, PuzzleShare.Board board)
            when candidate.effort() < agreement.candidate().effort() && switches < Limits.INIT_ACK_CANDIDATES_MAX -> {
                board.stop();
                switchTo(nowNanos, candidate, agreement);
            }
            case ClientState.AwaitCookieAck(ClientAgreement agreement, KeySchedule _, int tries)
            when tries == ASKING_AGAIN -> {
                agreement.close();
                begin(nowNanos, candidate);
            }
            case ClientState.Agreeing _, ClientState.Solving _, ClientState.AwaitCookieAck _ -> spares.add(candidate);
            case ClientState.Ended _ -> {}
        }
    }

    /// Leaves a candidate for a cheaper one.
    private void switchTo(long nowNanos, Candidate cheaper, ClientAgreement agreement) {
        switches++;
        agreement.close();
        spares.remove(cheaper);
        spares.add(agreement.candidate());
        begin(nowNanos, cheaper);
    }

    /// Turns to the next candidate; if there is none, asks for one, and meanwhile still takes the answer to the
    /// last.
    private void nextCandidate(long nowNanos, ClientAgreement unanswered, KeySchedule schedule) {
        Candidate spare = spares.next(nowNanos);
        if (spare != null) {
            unanswered.close();
            begin(nowNanos, spare);
        } else {
            state = new ClientState.AwaitCookieAck(unanswered, schedule, ASKING_AGAIN);
            sendDue = true;
            inits.beginAgain();
            news.waitLonger(nowNanos);
        }
    }

    private void begin(long nowNanos, Candidate candidate) {
        try {
            prepare(nowNanos, candidate);
        } catch (VaultFullException e) {
            waitForRoom(nowNanos);
        }
    }

    /// The vault has no room for this attempt's secrets now; later it may.
    private void waitForRoom(long nowNanos) {
        news.hear(nowNanos, new ConnectFailure.Busy());
        state = new ClientState.AwaitInitAck();
        wakeNanos = nowNanos + INIT_RETRY_NANOS_MAX;
    }

    private void prepare(long nowNanos, Candidate candidate) {
        remote = candidate.remote();
        wakeNanos = Long.MAX_VALUE;
        news.onBetter();
        MemorySegment packet = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_BASE);
        SecretKey b = SecretKey.hedged(parties.vault(), random, plan.identity(), "konce transient B");
        out.wrap(packet, 0, packet.byteSize());
        int box = candidate.writeEchoHead(out, b.publicKey(), plan.ours(), clues);
        writeBox(packet, box, nowNanos);
        int earlyOffset = box + CookieEcho.BOX_BYTES;
        int most = Limits.DATAGRAM_BYTES_BASE - earlyOffset - CookieEcho.TAG_BYTES;
        int least = candidate.session().isPadded() ? most : Limits.COOKIE_ECHO_BYTES_MIN - earlyOffset;
        List<ProcessTag> earlier = history.allowsRepeat(nowNanos) ? history.beside(candidate.tag()) : null;
        if (earlier == null) {
            history.forget();
        }
        int earlyBytes = early.write(nowNanos, packet, earlyOffset, Math.max(0, least), most, earlier);
        MemorySegment whole = packet.asSlice(0, (long) earlyOffset + earlyBytes + CookieEcho.TAG_BYTES);
        ClientAgreement agreement = new ClientAgreement(parties, candidate, b, whole, box);
        state = new ClientState.Agreeing(agreement);
        jobs.add(agreement);
    }

    private void writeBox(MemorySegment packet, int box, long nowNanos) {
        out.wrap(packet, box, CookieEcho.BOX_PLAIN_BYTES);
        SecretKey identity = plan.identity();
        out.writeByte(identity == null ? 0 : 1);
        if (identity == null) {
            out.writeZeros(PublicKey.BYTES);
        } else {
            identity.publicKey().writeTo(packet, out.skip(PublicKey.BYTES));
        }
        MemorySegment key = Arena.ofAuto().allocate(PublicKey.BYTES);
        plan.server().writeTo(key, 0);
        Blake2b.hash(key, 0, PublicKey.BYTES, packet, out.skip(32), 32);
        out.writeLong(inits.clientTime(nowNanos));
    }

    private void agreed(long nowNanos, ClientAgreement agreement) {
        if (!agreement.hasAgreed()) {
            agreement.close();
            waitForRoom(nowNanos);
            return;
        }
        Candidate candidate = agreement.candidate();
        Candidate cheaper = spares.cheaperThan(candidate.effort());
        if (cheaper != null && switches < Limits.INIT_ACK_CANDIDATES_MAX) {
            switchTo(nowNanos, cheaper, agreement);
            return;
        }
        trace.step(
                nowNanos, remote, HandshakeStep.KEYS_AGREED, 0, plan.identity() == null ? "anonymous" : "identified");
        PuzzleShare.Board board = new PuzzleShare.Board();
        long start = random.nextLong();
        int shares = candidate.effort() <= 1 ? 1 : plan.puzzleJobs();
        List<PuzzleShare> made = new ArrayList<>(shares);
        for (int i = 0; i < shares; i++) {
            made.add(new PuzzleShare(
                    board, agreement.packet(), candidate.transientKey(), candidate.effort(), start + i, shares));
        }
        state = new ClientState.Solving(agreement, board);
        jobs.addAll(made);
    }

    private void solved(long nowNanos, ClientAgreement agreement, PuzzleShare share) {
        agreement.packet().set(LONG, CookieEcho.SOLUTION, share.found());
        if (agreement.candidate().effort() > 0) {
            trace.step(nowNanos, remote, HandshakeStep.PUZZLE_SOLVED, share.tries(), "");
        }
        state = new ClientState.AwaitCookieAck(agreement, agreement.sealed(), 0);
        sendDue = true;
    }

    /// Whether it is INITs that are sent now.
    private boolean isAsking() {
        return state instanceof ClientState.AwaitInitAck
                || (state instanceof ClientState.AwaitCookieAck(ClientAgreement _, KeySchedule _, int tries)
                        && tries == ASKING_AGAIN);
    }

    private void hearUnproven(long nowNanos, MemorySegment packet, ConnectFailure failure) {
        if (isAsking() && !news.hearUnproven(nowNanos, SentInits.numberOf(packet), failure)) {
            wakeNanos = Math.min(wakeNanos, nowNanos + UNPROVEN_RETRY_NANOS);
        }
    }

    private void sent(long bytes) {
        packetsSent++;
        bytesSent += bytes;
    }

    private void received(long bytes) {
        packetsReceived++;
        bytesReceived += bytes;
    }
}
