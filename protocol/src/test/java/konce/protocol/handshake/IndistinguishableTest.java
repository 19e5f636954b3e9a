package konce.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.protocol.Limits;
import konce.protocol.PrivateGroup;
import konce.protocol.wire.ByteWriter;
import konce.protocol.wire.CookieEcho;
import konce.protocol.wire.Init;
import konce.protocol.wire.InitAck;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Row 30 of the threats: what an outsider sees of private groups, as numbers. Sizes are compared one by one, bytes by
/// two-sample chi-square for each half byte, with what each is when XORed with the clue it answers, times by Welch's t
/// and by Kolmogorov and Smirnov, as dudect does. Time here is what the processor takes; in virtual time a server
/// answers at once, whatever the clue. Each test has a twin that leaks, and must be found.
final class IndistinguishableTest {
    private static final int SAMPLES = 20_000;
    private static final int TIMED = 120_000;
    private static final int WARM = 20_000;

    /// Half bytes have sixteen values. 80 is passed by chance once in 10^10 comparisons of 15 degrees of freedom.
    private static final int VALUES = 16;

    private static final double CHI_SQUARE_MAX = 80;

    /// dudect's bound for Welch's t; the machine is shared, so a difference counts when each of so many rounds
    /// shows it.
    private static final double T_MAX = 4.5;

    private static final int ROUNDS = 4;

    /// Times above this share of all are the machine's doing.
    private static final double CROP = 0.9;

    private final Rig rig = new Rig(0);
    private final Rig plain = new Rig(0);
    private final SecretKey groupKey = SecretKey.generate(rig.vault, rig.random);
    private final Secret invitation = Secret.random(rig.vault, rig.random, PrivateGroup.SECRET_BYTES);
    private final Clues member = new Clues(rig.vault, rig.random, invitation);
    private final Clues outsider = new Clues(rig.vault, rig.random, null);
    private final MemorySegment reply = Arena.ofAuto().allocate(Limits.INIT_BYTES + 1);
    private final ByteWriter out = new ByteWriter();

    IndistinguishableTest() {
        rig.server.serveGroups(List.of(
                new PrivateGroup(1, groupKey, List.of(new PrivateGroup.Invitation(1, invitation, 1, List.of())))));
    }

    @AfterEach
    void close() {
        invitation.close();
        groupKey.close();
        rig.close();
        plain.close();
    }

    /// A server as an outsider knows it.
    private interface Server {
        /// @return bytes of the answer in [#reply]
        int answer(MemorySegment init);
    }

    private int honest(MemorySegment init) {
        return rig.server.handleInit(rig.nowNanos, Rig.CLIENT, init, reply);
    }

    private int withoutGroups(MemorySegment init) {
        return plain.server.handleInit(plain.nowNanos, Rig.CLIENT, init, reply);
    }

    private MemorySegment init(Clues clues) {
        MemorySegment init = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        rig.random.fill(init.asSlice(Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES));
        MemorySegment clientRandom = Rig.copy(init.asSlice(Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES));
        Init.write(
                init,
                clientRandom,
                rig.random.nextLong(),
                rig.ours,
                new Init.Hello(clues.init(init), new Ticket(rig.random.nextLong(), rig.random.nextLong())),
                out);
        return init;
    }

    /// What a bystander notes of one exchange: the answer, and the answer's clue XOR the clue it answers.
    private static byte[] noted(MemorySegment init, MemorySegment answer) {
        int clue = (int) answer.byteSize() - Init.CLUE_BYTES;
        byte[] note = Arrays.copyOf(answer.toArray(ValueLayout.JAVA_BYTE), (int) answer.byteSize() + Init.CLUE_BYTES);
        int at = Init.OFFER + 9;
        for (int i = 0; i < Init.CLUE_BYTES; i++) {
            note[(int) answer.byteSize() + i] =
                    (byte) (init.get(ValueLayout.JAVA_BYTE, at + i) ^ answer.get(ValueLayout.JAVA_BYTE, clue + i));
        }
        // what every INIT brings along is echoed, and the server's own fields are the same for all of a process
        Arrays.fill(note, Init.CLIENT_RANDOM, InitAck.SERVER_TIME, (byte) 0);
        Arrays.fill(note, InitAck.EFFORT, InitAck.SEQUENCE, (byte) 0);
        Arrays.fill(note, InitAck.TRANSIENT_KEY, InitAck.CHOSEN, (byte) 0);
        Arrays.fill(note, InitAck.CHOSEN + 6, InitAck.CHOSEN + 14, (byte) 0);
        return note;
    }

    private List<byte[]> answers(Server server, Clues clues) {
        List<byte[]> notes = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            MemorySegment init = init(clues);
            notes.add(noted(init, reply.asSlice(0, server.answer(init))));
        }
        return notes;
    }

    /// Whether two lots of packets differ in size or in the distribution of any half byte.
    private static boolean differ(List<byte[]> some, List<byte[]> others) {
        int length = some.getFirst().length;
        for (List<byte[]> lot : List.of(some, others)) {
            for (byte[] packet : lot) {
                if (packet.length != length) {
                    return true;
                }
            }
        }
        double worst = 0;
        for (int half = 0; half < 2 * length; half++) {
            worst = Math.max(worst, chiSquare(counts(some, half), counts(others, half)));
        }
        return worst > CHI_SQUARE_MAX;
    }

    private static long[] counts(List<byte[]> packets, int half) {
        long[] counts = new long[VALUES];
        for (byte[] packet : packets) {
            counts[packet[half / 2] >> (half % 2 * 4) & 0xF]++;
        }
        return counts;
    }

    /// Of two lots of the same size: the sum of (a - b)^2 / (a + b).
    private static double chiSquare(long[] some, long[] others) {
        double sum = 0;
        for (int i = 0; i < VALUES; i++) {
            double difference = some[i] - others[i];
            double both = some[i] + others[i];
            sum += both == 0 ? 0 : difference * difference / both;
        }
        return sum;
    }

    // = docs/spec/17-private-groups.md R17.2
    // = docs/spec/17-private-groups.md R17.3
    /// Goal: the answers to right clues, to wrong ones, and of a server without groups are alike in size and bytes.
    @Test
    void answersAreAlike() {
        List<byte[]> right = answers(this::honest, member);
        assertFalse(differ(right, answers(this::honest, outsider)), "right and wrong clues");
        assertFalse(differ(right, answers(this::withoutGroups, outsider)), "with groups and without");
    }

    // = docs/spec/17-private-groups.md R17.3
    /// Goal: the comparison sees what leaks. Method: servers that answer a member alike but for one bit of its clue
    /// in
    /// one answer of eight; that repeat the clue they got; that add a byte for strangers.
    @Test
    void leakingAnswersAreFound() {
        Random chance = new Random(1);
        Server bit = init -> {
            int bytes = honest(init);
            byte last = reply.get(ValueLayout.JAVA_BYTE, bytes - 1L);
            reply.set(ValueLayout.JAVA_BYTE, bytes - 1L, (byte) (chance.nextInt(8) == 0 ? last | 1 : last));
            return bytes;
        };
        Server echo = init -> {
            int bytes = honest(init);
            MemorySegment.copy(init, Init.OFFER + 9L, reply, bytes - (long) Init.CLUE_BYTES, Init.CLUE_BYTES);
            return bytes;
        };
        List<byte[]> wrong = answers(this::honest, outsider);
        assertTrue(differ(answers(bit, member), wrong), "a bit, now and then");
        assertTrue(differ(answers(echo, member), wrong), "the clue repeated");
        assertTrue(differ(answers(this::honest, member), answers(init -> honest(init) + 1, outsider)), "a size");
    }

    // = docs/spec/17-private-groups.md R17.1
    /// Goal: a member's INITs and COOKIE-ECHOs are like anybody's in size and bytes, and like each other's: two of
    /// the
    /// same member, XORed, are like two of different clients. Twin: a member who uses a clue twice.
    @Test
    void membersPacketsAreAlike() {
        List<byte[]> members = clues(member, member);
        assertFalse(differ(members, clues(outsider, outsider)), "a member and others");
        assertFalse(differ(members, clues(member, outsider)), "two of a member, and of two clients");
        byte[] twice = members.getFirst().clone();
        List<byte[]> leaking = new ArrayList<>(members);
        for (int i = 0; i < SAMPLES / 20; i++) {
            leaking.set(i, twice);
        }
        assertTrue(differ(leaking, clues(outsider, outsider)), "one clue in twenty used again");
    }

    /// The clues of an INIT and of a COOKIE-ECHO, by one client and another, and their XOR.
    private List<byte[]> clues(Clues one, Clues another) {
        Candidate candidate = rig.candidate();
        List<byte[]> notes = new ArrayList<>();
        MemorySegment echo = Arena.ofAuto().allocate(Limits.DATAGRAM_BYTES_BASE);
        MemorySegment packet = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        try (SecretKey b = SecretKey.generate(rig.vault, rig.random)) {
            PublicKey key = b.publicKey();
            for (int i = 0; i < SAMPLES; i++) {
                rig.random.fill(packet.asSlice(Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES));
                long first = one.init(packet);
                rig.random.fill(packet.asSlice(Init.CLIENT_RANDOM, Init.CLIENT_RANDOM_BYTES));
                long second = another.init(packet);
                candidate.writeEchoHead(out.wrap(echo, 0, echo.byteSize()), key, rig.ours, one);
                rig.random.fill(echo.asSlice(CookieEcho.AUTHENTICATOR, 16));
                long third = one.echo(echo);
                notes.add(java.nio.ByteBuffer.allocate(5 * Long.BYTES)
                        .putLong(first)
                        .putLong(second)
                        .putLong(first ^ second)
                        .putLong(third)
                        .putLong(first ^ third)
                        .array());
            }
        }
        return notes;
    }

    // ---- time

    /// What two lots of times have to do with each other.
    ///
    /// @param t Welch's
    /// @param ks the largest distance of their distributions, in units of what chance makes of it
    private record Difference(double t, double ks) {
        boolean isThere() {
            return Math.abs(t) > T_MAX && ks > 2.5;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "t %.1f, KS %.1f", t, ks);
        }
    }

    /// Answers INITs of both kinds in random order, each many times over, and compares what they took.
    private Difference timed(Server server, long seed) {
        Random order = new Random(seed);
        MemorySegment[] rights = new MemorySegment[64];
        MemorySegment[] wrongs = new MemorySegment[64];
        Arrays.setAll(rights, _ -> init(member));
        Arrays.setAll(wrongs, _ -> init(outsider));
        double[][] times = new double[2][TIMED];
        int[] counts = new int[2];
        for (int i = -WARM; i < TIMED; i++) {
            int kind = order.nextInt(2);
            MemorySegment init = (kind == 0 ? rights : wrongs)[order.nextInt(64)];
            long begin = System.nanoTime();
            server.answer(init);
            long nanos = System.nanoTime() - begin;
            if (i >= 0) {
                times[kind][counts[kind]++] = nanos;
            }
        }
        double[] right = Arrays.copyOf(times[0], counts[0]);
        double[] wrong = Arrays.copyOf(times[1], counts[1]);
        double[] all = java.util.stream.DoubleStream.concat(Arrays.stream(right), Arrays.stream(wrong))
                .sorted()
                .toArray();
        double limit = all[(int) (CROP * all.length)];
        return difference(
                Arrays.stream(right).filter(x -> x < limit).sorted().toArray(),
                Arrays.stream(wrong).filter(x -> x < limit).sorted().toArray());
    }

    private static Difference difference(double[] some, double[] others) {
        double t = (mean(some) - mean(others))
                / Math.sqrt(variance(some) / some.length + variance(others) / others.length);
        double farthest = 0;
        int j = 0;
        for (int i = 0; i < some.length; i++) {
            if (i + 1 < some.length && some[i + 1] == some[i]) {
                continue;
            }
            while (j < others.length && others[j] <= some[i]) {
                j++;
            }
            farthest = Math.max(farthest, Math.abs((i + 1.0) / some.length - (double) j / others.length));
        }
        double scale = Math.sqrt((double) some.length * others.length / (some.length + others.length));
        return new Difference(t, farthest * scale);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    private static double variance(double[] values) {
        double mean = mean(values);
        return Arrays.stream(values).map(x -> (x - mean) * (x - mean)).sum() / (values.length - 1);
    }

    /// The difference that the least of several rounds shows; null: there is a round that shows none.
    private @Nullable Difference always(Server server) {
        Difference last = null;
        for (int round = 0; round < ROUNDS; round++) {
            last = timed(server, round);
            if (!last.isThere()) {
                return null;
            }
        }
        return last;
    }

    // = docs/spec/17-private-groups.md R17.2
    /// Goal: a right clue takes no more and no less time than a wrong one. Twin: a server that looks once more for
    /// clues that it has not found.
    @Test
    void answersTakeTheSameTime() {
        assertEquals(null, always(this::honest));
        MemorySegment again = Arena.ofAuto().allocate(Limits.INIT_BYTES);
        try (GroupGate gate = new GroupGate(rig.vault, rig.random)) {
            Server leaking = init -> {
                int bytes = honest(init);
                MemorySegment.copy(init, 0, again, 0, Limits.INIT_BYTES);
                boolean right = member.init(again) == init.get(Rig.LONG, Init.OFFER + 9L);
                return right ? bytes : bytes + gate.recognise(again, Init.OFFER + 9);
            };
            assertTrue(always(leaking) != null, "0.3 us more for strangers is seen");
        }
    }
}
