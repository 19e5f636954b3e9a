package konce.protocol.handshake;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Set;
import konce.crypto.Poly1305;
import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.CheckOrder;
import konce.protocol.DropReason;
import konce.protocol.GroupVisit;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.ServerConfig;
import konce.protocol.SessionProtocol;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import konce.protocol.wire.ProcessTag;
import konce.protocol.wire.ProtocolOffer;
import org.jspecify.annotations.Nullable;

/// The server's half of the handshake up to the point where it may keep something.
///
/// - invariant: [#handleInit], and [#handleCookieEcho] until it returns an agreement, allocate nothing and do no group
///   operation (R3.4)
/// - source: docs/spec/03-handshake.md
public final class ServerHandshake implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// When a COOKIE-ECHO came, with what cookie, under which invitation, and with whose ticket.
    ///
    /// @param known in [KnownKeys]
    /// @param knownTag what the key has to be that it shows; 0: any
    record Arrival(long receivedNanos, long issuedNanos, GroupGate.@Nullable Door door, int known, long knownTag) {}

    private final ServerAgreement.Server server;
    private final GroupGate groups;
    private final boolean membersOnly;
    private final RandomSource random;
    private final TransientKeys transientKeys;
    private final StateCookies cookies;
    private final ProcessTags tags;
    private final Puzzle puzzle = new Puzzle();
    private final ProtocolOffer ours;
    private final ProtocolOffer theirs = new ProtocolOffer();
    private final ProtocolOffer chosen = new ProtocolOffer();
    private final CookieEcho layout = new CookieEcho();
    private final ByteReader in = new ByteReader();
    private final ByteWriter out = new ByteWriter();
    private final MemorySegment draft =
            Arena.ofAuto().allocate((long) CookieEcho.NEGOTIATION + StateCookies.NEGOTIATION_BYTES_MAX);
    private final KnownKeys knownKeys;
    private final Admission admission;
    private final InitShare initShare;
    private final CheckOrder order;

    /// @param ours the protocols this server runs
    public ServerHandshake(
            ServerConfig config, ProtocolOffer ours, boolean keyLog, Vault vault, RandomSource random, long nowNanos) {
        server = ServerAgreement.Server.of(vault, config.key(), config.keyChange(), keyLog);
        groups = new GroupGate(vault, random);
        groups.serve(config.groups(), server);
        membersOnly = config.membersOnly();
        this.ours = ours;
        this.random = random;
        transientKeys = new TransientKeys(vault, random, config.key(), nowNanos);
        cookies = new StateCookies(vault, random, nowNanos);
        tags = new ProcessTags(vault, config.key(), random);
        knownKeys = new KnownKeys(random);
        admission = new Admission(config.load(), cookies.tableHash(), knownKeys, nowNanos);
        initShare = new InitShare(cookies.tableHash(), nowNanos);
        order = config.load().checkOrder();
    }

    /// When [#handleDeadline] has work next.
    public long nextDeadlineNanos() {
        return transientKeys.renewNanos();
    }

    public void handleDeadline(long nowNanos) {
        transientKeys.renew(nowNanos);
    }

    // = docs/spec/03-handshake.md R3.4
    /// Answers an INIT, and forgets it.
    ///
    /// @param reply at least [Limits#INIT_BYTES] bytes, where the answer is written
    /// @return bytes of the answer, or minus the ordinal of a [DropReason]
    public int handleInit(long nowNanos, Address remote, MemorySegment datagram, MemorySegment reply) {
        if (datagram.byteSize() != Limits.INIT_BYTES) {
            return -DropReason.BAD_LENGTH.ordinal();
        }
        if (!initShare.admits(nowNanos, remote)) {
            return -DropReason.BUSY.ordinal();
        }
        in.wrap(datagram, 0, Limits.INIT_BYTES);
        int offered = Init.read(in, theirs);
        if (!in.isOk()) {
            return -DropReason.MALFORMED.ordinal();
        }
        long handshake = ProtocolOffer.choose(ours, theirs, ProtocolOffer.HANDSHAKE);
        long session = ProtocolOffer.choose(ours, theirs, ProtocolOffer.SESSION);
        if (handshake < 0 || session < 0) {
            return writeLists(datagram, reply);
        }
        chosen.setChosen(handshake, session);
        int negotiation = draftEcho(nowNanos, remote, datagram, offered);
        cookies.issue(nowNanos, draft);
        int bytes = writeInitAck(reply, offered, negotiation);
        answerClue(datagram, reply, bytes, negotiation);
        cookies.authenticate(remote, draft, negotiation + Init.CLUE_BYTES);
        MemorySegment.copy(draft, CookieEcho.AUTHENTICATOR, reply, InitAck.AUTHENTICATOR, Poly1305.TAG_BYTES);
        return bytes + Init.CLUE_BYTES;
    }

    /// Writes the clue by which a member knows that the answer comes from its group's server.
    private void answerClue(MemorySegment init, MemorySegment reply, int bytes, int negotiation) {
        int slot = groups.recognise(init, Init.clue(theirs));
        long answer = groups.answer(slot, reply, bytes);
        reply.set(LONG, bytes, answer);
        draft.set(LONG, (long) CookieEcho.NEGOTIATION + negotiation, answer);
    }

    private int knownTo(long nowNanos, MemorySegment packet, int ticket) {
        return knownKeys.find(nowNanos, packet.get(LONG, ticket), packet.get(LONG, ticket + 8L));
    }

    /// Writes what the client will echo where it will stand in its COOKIE-ECHO, but for the clue at its end.
    private int draftEcho(long nowNanos, Address remote, MemorySegment init, int offered) {
        MemorySegment.copy(init, Init.CLIENT_RANDOM, draft, CookieEcho.COOKIE, Init.OFFER - Init.CLIENT_RANDOM);
        int known = knownTo(nowNanos, init, Init.ticket(theirs));
        draft.set(INT, CookieEcho.EFFORT, (int) admission.asked(nowNanos, remote, known));
        draft.set(ValueLayout.JAVA_BYTE, CookieEcho.TRANSIENT_ID, (byte)
                transientKeys.current().id());
        out.wrap(draft, CookieEcho.NEGOTIATION, StateCookies.NEGOTIATION_BYTES_MAX);
        out.writeBytes(init, Init.OFFER, offered);
        chosen.write(out);
        // = docs/spec/03-handshake.md R3.31
        out.writeVarint(InitAck.PARAMETERS_BYTES);
        out.writeLong(tags.number());
        out.writeLong(tags.proof(tags.number(), init, Init.CLIENT_RANDOM));
        return (int) out.position() - CookieEcho.NEGOTIATION;
    }

    // = docs/spec/03-handshake.md R3.18
    private int writeInitAck(MemorySegment reply, int offered, int negotiation) {
        out.wrap(reply, 0, Limits.INIT_BYTES);
        out.writeByte(PacketType.INIT_ACK);
        out.writeBytes(draft, CookieEcho.COOKIE, Init.CLIENT_RANDOM_BYTES);
        out.writeBytes(draft, CookieEcho.SERVER_TIME, CookieEcho.COOKIE_END - CookieEcho.SERVER_TIME);
        out.writeBytes(draft, CookieEcho.SEQUENCE, CookieEcho.AUTHENTICATOR - CookieEcho.SEQUENCE);
        out.writeZeros(CookieEcho.EFFORT_OFFERED - CookieEcho.AUTHENTICATOR);
        transientKeys.current().publicKey().writeTo(reply, out.skip(PublicKey.BYTES));
        out.writeBytes(draft, CookieEcho.NEGOTIATION + offered, negotiation - offered);
        return (int) out.position();
    }

    private int writeLists(MemorySegment init, MemorySegment reply) {
        out.wrap(reply, 0, Limits.INIT_BYTES);
        out.writeByte(PacketType.INIT_ACK_LISTS);
        out.writeBytes(init, Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES);
        ours.write(out);
        return (int) out.position();
    }

    // = docs/spec/03-handshake.md R3.5
    /// Checks a COOKIE-ECHO, cheapest check first. When it passes, its group operations wait for [#takeAgreement].
    public DropReason handleCookieEcho(long nowNanos, Address remote, MemorySegment datagram) {
        if (datagram.byteSize() < Limits.COOKIE_ECHO_BYTES_MIN || datagram.byteSize() > Limits.DATAGRAM_BYTES_BASE) {
            return DropReason.BAD_LENGTH;
        }
        DropReason reason = cookies.checkSequence(nowNanos, datagram, order != CheckOrder.TABLE_LAST);
        if (reason != DropReason.NONE) {
            return reason;
        }
        layout.read(in.wrap(datagram, 0, datagram.byteSize()));
        if (!in.isOk()) {
            return DropReason.MALFORMED;
        }
        reason = switch (order) {
            case AUTHENTICATOR_FIRST -> checkCookieAndWork(nowNanos, remote, datagram);
            case WORK_FIRST -> {
                DropReason work = checkWork(nowNanos, remote, datagram);
                yield work == DropReason.NONE
                        ? cookies.checkAuthenticator(nowNanos, remote, datagram, layout.negotiationBytes())
                        : work;
            }
            case TABLE_LAST -> {
                DropReason rest = checkCookieAndWork(nowNanos, remote, datagram);
                yield rest == DropReason.NONE ? cookies.checkUnused(datagram) : rest;
            }
        };
        return reason == DropReason.NONE ? accept(nowNanos, remote, datagram) : reason;
    }

    private DropReason checkCookieAndWork(long nowNanos, Address remote, MemorySegment datagram) {
        DropReason reason = cookies.checkAuthenticator(nowNanos, remote, datagram, layout.negotiationBytes());
        return reason == DropReason.NONE ? checkWork(nowNanos, remote, datagram) : reason;
    }

    private DropReason checkWork(long nowNanos, Address remote, MemorySegment datagram) {
        long offered = datagram.get(INT, CookieEcho.EFFORT_OFFERED) & 0xFFFF_FFFFL;
        if (offered < (datagram.get(INT, CookieEcho.EFFORT) & 0xFFFF_FFFFL)) {
            return DropReason.EFFORT_TOO_LOW;
        }
        DropReason reason = admission.check(nowNanos, remote, knownTo(nowNanos, datagram, layout.ticket()), offered);
        return reason == DropReason.NONE ? checkSolution(datagram, offered) : reason;
    }

    private DropReason checkSolution(MemorySegment datagram, long offered) {
        TransientKeys.Key key = transientKeys.find(datagram.get(ValueLayout.JAVA_BYTE, CookieEcho.TRANSIENT_ID));
        if (key == null || sessionProtocol() == null) {
            return DropReason.TRANSIENT_KEY_GONE;
        }
        long solution = datagram.get(LONG, CookieEcho.SOLUTION);
        return puzzle.begin(datagram, datagram.byteSize(), key.publicKey()).isSolvedBy(solution, offered)
                ? DropReason.NONE
                : DropReason.SOLUTION_WRONG;
    }

    private @Nullable SessionProtocol sessionProtocol() {
        return SessionProtocol.ofNumber(layout.chosen().only(ProtocolOffer.SESSION));
    }

    /// Takes a packet that has passed every check.
    private DropReason accept(long nowNanos, Address remote, MemorySegment datagram) {
        TransientKeys.Key key =
                requireNonNull(transientKeys.find(datagram.get(ValueLayout.JAVA_BYTE, CookieEcho.TRANSIENT_ID)));
        SessionProtocol protocol = requireNonNull(sessionProtocol());
        if (!cookies.accept(nowNanos, datagram)) {
            admission.onNoRoom(nowNanos, remote, datagram.get(INT, CookieEcho.EFFORT_OFFERED) & 0xFFFF_FFFFL);
            return DropReason.BUSY;
        }
        GroupGate.Door door = groups.door(datagram, layout.clueOffset());
        int known = knownTo(nowNanos, datagram, layout.ticket());
        long tag = known == KnownKeys.NOBODY ? 0 : knownKeys.use(known, datagram.get(LONG, layout.ticket()));
        Arrival arrival = new Arrival(nowNanos, cookies.issuedNanos(datagram), door, known, tag);
        admission.add(nowNanos, makeAgreement(remote, datagram, key.acquire(), protocol, arrival));
        return DropReason.NONE;
    }

    private ServerAgreement makeAgreement(
            Address remote, MemorySegment datagram, TransientKeys.Key key, SessionProtocol protocol, Arrival arrival) {
        MemorySegment copy = Arena.ofAuto().allocate(datagram.byteSize());
        copy.copyFrom(datagram);
        CookieEcho copyLayout = new CookieEcho();
        copyLayout.read(new ByteReader().wrap(copy, 0, copy.byteSize()));
        ServerAgreement made = new ServerAgreement(server, key, remote, copy, copyLayout, protocol, arrival);
        random.fill(made.serverRandom());
        return made;
    }

    /// The next agreement to run, of those whose COOKIE-ECHOs have passed; null: none, or enough are running.
    public @Nullable ServerAgreement takeAgreement() {
        return admission.poll();
    }

    /// Takes an agreement back that has run.
    public ServerAgreement.Result finish(long nowNanos, ServerAgreement done) {
        admission.finished(nowNanos, done);
        done.transientKey().release();
        ServerAgreement.Result result = done.result();
        if (result == null) {
            throw new IllegalStateException("the agreement has not run");
        }
        GroupGate.Door door = done.door();
        if (!(result instanceof ServerAgreement.Result.Accepted accepted)) {
            return result;
        }
        GroupGate.Entry entry = door != null
                ? groups.admit(door, accepted.client())
                // = docs/spec/17-private-groups.md R17.10
                : membersOnly ? GroupGate.Entry.WITHDRAWN : GroupGate.Entry.MEMBER;
        done.enter(entry);
        PublicKey client = accepted.client();
        // = docs/spec/03-handshake.md R3.51
        boolean stolen = done.knownTag() != 0 && (client == null || !knownKeys.isOf(done.knownTag(), client));
        if (entry == GroupGate.Entry.WITHDRAWN || stolen) {
            accepted.keys().close();
            return new ServerAgreement.Result.Rejected(DropReason.NOT_AUTHENTIC);
        }
        if (client != null && entry != GroupGate.Entry.STRANGER) {
            done.give(knownKeys.meet(nowNanos, client));
        }
        return result;
    }

    /// Whether a client that was accepted comes from another process of this server, which may have taken its first
    /// message.
    ///
    /// @param shown the tags in its settings
    public boolean wasAnotherAsked(ServerAgreement done, List<ProcessTag> shown) {
        return tags.namesAnother(shown, MemorySegment.ofArray(done.clientRandom()));
    }

    /// Is the gate of these private groups from now on, and of no others.
    ///
    /// @return the invitations that hold no more
    public List<Withdrawn> serveGroups(List<PrivateGroup> served) {
        return groups.serve(served, server).stream()
                .map(door -> new Withdrawn(new GroupVisit(door.group(), door.invitation()), Set.copyOf(door.members())))
                .toList();
    }

    /// An invitation that holds no more, and the keys it had let in.
    public record Withdrawn(GroupVisit visit, Set<PublicKey> members) {}

    /// The work asked of whoever burdens nobody, in expected hashes.
    public long effort() {
        return admission.effort();
    }

    /// A client has broken a rule: its key is a stranger's again.
    public void onOffence(PublicKey client) {
        knownKeys.forget(client);
    }

    /// How many whose packets had passed were turned away while they waited.
    public long shed(DropReason reason) {
        return admission.shed(reason);
    }

    /// Cookies given out since the process began.
    public long cookiesIssued() {
        return cookies.issued();
    }

    @Override
    public void close() {
        admission.close();
        groups.close();
        transientKeys.close();
        cookies.close();
        tags.close();
        puzzle.close();
    }
}
