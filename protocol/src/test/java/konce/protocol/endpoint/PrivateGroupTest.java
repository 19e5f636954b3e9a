package konce.protocol.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.protocol.Address;
import konce.protocol.ConnectFailure;
import konce.protocol.DropReason;
import konce.protocol.Event;
import konce.protocol.GroupVisit;
import konce.protocol.Limits;
import konce.protocol.Outcome;
import konce.protocol.PrivateGroup;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.PacketType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Groups that only their members find.
final class PrivateGroupTest {
    private static final long GROUP = 7;
    private static final long INVITATION = 3;
    private static final SendOptions SOON = SendOptions.REQUEST.withConnectTimeout(5 * Lab.SECOND);

    /// Where the clue of an INIT, and of the INIT-ACK that answers it, is: behind an offer of 8 bytes, and at the
    /// end.
    private static final int INIT_CLUE = Init.OFFER + 8 + 1;

    private final Lab lab = new Lab();
    private final SecretKey groupKey = SecretKey.generate(lab.vault, lab.random);
    private final Secret secret = Secret.random(lab.vault, lab.random, PrivateGroup.SECRET_BYTES);
    private final Secret other = Secret.random(lab.vault, lab.random, PrivateGroup.SECRET_BYTES);
    private final SecretKey stranger = SecretKey.generate(lab.vault, lab.random);

    @AfterEach
    void close() {
        groupKey.close();
        secret.close();
        other.close();
        stranger.close();
        lab.close();
    }

    private PrivateGroup group(Secret invitation, int membersMax) {
        return new PrivateGroup(
                GROUP, groupKey, List.of(new PrivateGroup.Invitation(INVITATION, invitation, membersMax, List.of())));
    }

    private void serve(Secret invitation, int membersMax) {
        lab.server.serveGroups(lab.nowNanos, List.of(group(invitation, membersMax)));
    }

    private Target.Peer target(@Nullable SecretKey identity, @Nullable Secret invitation) {
        return new Target.Peer(groupKey.publicKey(), List.of(Lab.SERVER), identity, null, invitation);
    }

    private @Nullable Outcome ask(Target target) {
        return lab.settle(lab.send(target, "hello", SOON), 60 * Lab.SECOND);
    }

    private long groupOfLast() {
        return Lab.events(lab.serverEvents, Event.ChannelOpened.class)
                .getLast()
                .handshake()
                .group();
    }

    private List<byte[]> sent(boolean toServer, int type) {
        return (toServer ? lab.toServer : lab.toClient)
                .stream().filter(packet -> Lab.isOf(packet, type)).toList();
    }

    // = docs/spec/17-private-groups.md R17.2
    // = docs/spec/17-private-groups.md R17.4
    // = docs/spec/17-private-groups.md R17.6
    /// Goal: a member reaches its group, the server knows that it did, and that a key has joined; the same server
    /// stays what it was to everybody else.
    @Test
    void aMemberReachesItsGroup() {
        serve(secret, 1);
        assertInstanceOf(Outcome.Replied.class, ask(target(lab.clientKey, secret)));
        assertEquals(GROUP, groupOfLast());
        assertEquals(
                List.of(new Event.MemberJoined(new GroupVisit(GROUP, INVITATION), lab.clientKey.publicKey())),
                Lab.events(lab.serverEvents, Event.MemberJoined.class));
        assertInstanceOf(Outcome.Replied.class, ask(lab.target()));
        assertEquals(0, groupOfLast());
    }

    // = docs/spec/17-private-groups.md R17.7
    /// Goal: a member takes no answer for its server's but one that its server made: it does no work for another's.
    /// Method: a server that has withdrawn the invitation, or changes one bit of a true answer.
    @Test
    void aMemberKnowsItsServer() {
        serve(other, 1);
        assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.NotInvited()), ask(target(lab.clientKey, secret)));
        assertEquals(0, lab.clientJobs, "no work for a server that is another's");
        serve(secret, 1);
        int[] bit = {8};
        lab.attacker = (toServer, datagram) -> {
            byte[] changed = datagram.clone();
            if (!toServer && Lab.isOf(datagram, PacketType.INIT_ACK)) {
                boolean unauthenticated = bit[0] / 8 >= InitAck.AUTHENTICATOR && bit[0] / 8 < InitAck.TRANSIENT_KEY;
                bit[0] += unauthenticated ? 8 * (InitAck.TRANSIENT_KEY - InitAck.AUTHENTICATOR) : 0;
                changed[bit[0] / 8] ^= (byte) (1 << bit[0] % 8);
                bit[0] += 37;
                return bit[0] < 8 * datagram.length ? List.of(changed) : List.of(datagram);
            }
            return List.of(changed);
        };
        long ticket = lab.send(
                target(lab.clientKey, secret), "hello", SendOptions.REQUEST.withConnectTimeout(60 * Lab.SECOND));
        lab.settle(ticket, 60 * Lab.SECOND);
        assertEquals(0, lab.clientJobs, "no work for an answer that was changed");
    }

    // = docs/spec/17-private-groups.md R17.5
    /// Goal: who knows the group's key and holds no invitation meets silence, as it does who asks any server for a
    /// key
    /// that it does not have; also under a clue copied from a member.
    @Test
    void anOutsiderMeetsSilence() {
        serve(secret, 1);
        assertInstanceOf(Outcome.Replied.class, ask(target(lab.clientKey, secret)));
        byte[] init = sent(true, PacketType.INIT).getFirst();
        byte[] echo = sent(true, PacketType.COOKIE_ECHO).getFirst();
        long drops = lab.server.dropped(DropReason.NOT_AUTHENTIC);
        lab.attacker = (toServer, datagram) -> {
            byte[] copy = datagram.clone();
            if (toServer && Lab.isOf(datagram, PacketType.INIT)) {
                System.arraycopy(init, INIT_CLUE, copy, INIT_CLUE, Init.CLUE_BYTES);
            }
            return List.of(copy);
        };
        assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.NotConfirmed()), ask(target(stranger, null)));
        lab.attacker = (_, datagram) -> List.of(datagram);
        assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.NotConfirmed()), ask(target(stranger, null)));
        assertTrue(lab.server.dropped(DropReason.NOT_AUTHENTIC) > drops);
        assertEquals(1, Lab.events(lab.serverEvents, Event.ChannelOpened.class).size());
        assertEquals(DropReason.ALREADY_ACCEPTED, lab.inject(true, echo));
    }

    // = docs/spec/17-private-groups.md R17.6
    /// Goal: an invitation lets in as many keys as it is for. Others, and those who show none, are told so inside
    /// encryption, get nothing handed up, and are not kept as presences.
    @Test
    void anInvitationIsForSoManyKeys() {
        lab.server.keepPresences(16);
        serve(secret, 1);
        assertInstanceOf(Outcome.Replied.class, ask(target(lab.clientKey, secret)));
        int arrived = lab.arrived();
        for (SecretKey none : new SecretKey[] {stranger, null}) {
            Outcome.CouldNotConnect refused =
                    assertInstanceOf(Outcome.CouldNotConnect.class, ask(target(none, secret)));
            assertEquals(new ConnectFailure.Refused(Limits.CLOSE_NO_MEMBER, "this key is no member"), refused.why());
        }
        assertEquals(arrived, lab.arrived());
        assertEquals(1, lab.server.atRest().count(), "the member alone");
        serve(secret, 2);
        assertInstanceOf(Outcome.Replied.class, ask(target(stranger, secret)));
        assertEquals(2, Lab.events(lab.serverEvents, Event.MemberJoined.class).size());
    }

    // = docs/spec/17-private-groups.md R17.8
    /// Goal: an invitation that is withdrawn is worth nothing from then on: its channels close, its members are
    /// forgotten, and come back as outsiders.
    @Test
    void aWithdrawnInvitationIsWorthNothing() {
        lab.server.keepPresences(16);
        serve(secret, 1);
        assertInstanceOf(Outcome.Replied.class, ask(target(lab.clientKey, secret)));
        serve(secret, 2);
        lab.run(Lab.SECOND);
        assertEquals(1, lab.server.channels(lab.nowNanos).size(), "it holds as before");
        serve(other, 2);
        lab.run(Lab.SECOND);
        assertEquals(0, lab.server.channels(lab.nowNanos).size(), "the same number, but another secret");
        assertEquals(0, lab.server.atRest().count());
        assertEquals(new Outcome.CouldNotConnect(new ConnectFailure.NotInvited()), ask(target(lab.clientKey, secret)));
    }

    // = docs/spec/17-private-groups.md R17.8
    /// Goal: a handshake that was under way when its invitation was withdrawn comes to nothing.
    @Test
    void anInvitationWithdrawnMeanwhileLetsNobodyIn() {
        serve(secret, 1);
        lab.holdsJobs = true;
        lab.send(target(lab.clientKey, secret), "hello", SOON);
        while (lab.held.stream().noneMatch(job -> job.kind() == Job.Kind.SERVER_AGREEMENT)) {
            lab.held.removeIf(job -> {
                boolean ours = job.kind() != Job.Kind.SERVER_AGREEMENT;
                if (ours) {
                    lab.finish(job);
                }
                return ours;
            });
            lab.run(Lab.MILLI);
        }
        lab.server.serveGroups(lab.nowNanos, List.of());
        lab.holdsJobs = false;
        lab.held.forEach(lab::finish);
        lab.held.clear();
        lab.run(Lab.SECOND);
        assertEquals(0, Lab.events(lab.serverEvents, Event.ChannelOpened.class).size());
    }

    // = docs/spec/17-private-groups.md R17.2
    /// Goal: the last of as many invitations as there may be is found like the first; one more is refused when it
    /// is
    /// served, not later.
    @Test
    void manyGroupsFitOneServer() {
        List<PrivateGroup> groups = new ArrayList<>();
        List<Secret> secrets = new ArrayList<>();
        for (int i = 1; i <= Limits.INVITATIONS_MAX; i++) {
            Secret made = Secret.random(lab.vault, lab.random, PrivateGroup.SECRET_BYTES);
            secrets.add(made);
            groups.add(new PrivateGroup(i, groupKey, List.of(new PrivateGroup.Invitation(1, made, 2, List.of()))));
        }
        lab.server.serveGroups(lab.nowNanos, groups);
        for (int i : new int[] {1, 16, 17, Limits.INVITATIONS_MAX}) {
            assertInstanceOf(
                    Outcome.Replied.class, ask(target(i % 2 == 0 ? lab.clientKey : stranger, secrets.get(i - 1))));
            assertEquals(i, groupOfLast());
            lab.client
                    .channels(lab.nowNanos)
                    .forEach(channel -> lab.client.closeChannel(lab.nowNanos, channel.channel(), 0, ""));
            lab.run(Lab.SECOND);
        }
        groups.add(new PrivateGroup(9_999, groupKey, List.of(new PrivateGroup.Invitation(1, secret, 1, List.of()))));
        assertThrows(IllegalArgumentException.class, () -> lab.server.serveGroups(lab.nowNanos, groups));
        secrets.forEach(Secret::close);
    }

    // = docs/spec/17-private-groups.md R17.1
    // = docs/spec/17-private-groups.md R17.3
    /// Goal: no two visits show the same clue, nor does the server give the same answer twice to the same INIT,
    /// whether a clue is a member's or not.
    @Test
    void nothingLinksTwoVisits() {
        serve(secret, 1);
        for (Secret invitation : new Secret[] {secret, null}) {
            List<Long> clues = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Target.Peer target = invitation == null ? lab.target() : target(lab.clientKey, invitation);
                assertInstanceOf(Outcome.Replied.class, ask(target));
                clues.add(clue(sent(true, PacketType.INIT).getLast(), INIT_CLUE));
                byte[] answer = sent(false, PacketType.INIT_ACK).getLast();
                clues.add(clue(answer, answer.length - Init.CLUE_BYTES));
                lab.client
                        .channels(lab.nowNanos)
                        .forEach(channel -> lab.client.closeChannel(lab.nowNanos, channel.channel(), 0, ""));
                lab.run(Lab.SECOND);
            }
            byte[] init = sent(true, PacketType.INIT).getLast();
            for (int i = 0; i < 8; i++) {
                assertEquals(DropReason.NONE, lab.inject(true, Address.parse("203.0.113.9:" + (5_000 + i)), init));
                byte[] answer = sent(false, PacketType.INIT_ACK).getLast();
                clues.add(clue(answer, answer.length - Init.CLUE_BYTES));
            }
            assertEquals(clues.size(), clues.stream().distinct().count());
        }
    }

    private static long clue(byte[] packet, int at) {
        return ByteBuffer.wrap(packet).getLong(at);
    }
}
