package konce.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.Key;
import konce.names.ledger.Coins;
import konce.names.ledger.Genesis;
import konce.names.ledger.Parameters;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.registry.RegistryServer;
import konce.registry.SequencerEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Three registries that order together, in one process, on the loopback interface.
class ClusterTest {
    private static final int COUNT = 3;
    private static final long BEGIN = 1_800_000_000L;
    private static final int TRIES = 100;

    @TempDir
    Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Vault vault = Vault.open(1 << 16);
    private final List<SigningKey> sequencers = new ArrayList<>();
    private final RegistryServer[] servers = new RegistryServer[COUNT];
    private SigningKey payer;
    private Key payee;
    private Genesis genesis;
    private List<InetSocketAddress> members;
    private long nonce;

    @BeforeEach
    void begin() throws IOException {
        SeededRandom random = new SeededRandom(16);
        payer = SigningKey.generate(vault, random);
        payee = id(SigningKey.generate(vault, random));
        for (int i = 0; i < COUNT; i++) {
            sequencers.add(SigningKey.generate(vault, random));
        }
        Key witness = id(SigningKey.generate(vault, random));
        genesis = new Genesis(
                "test",
                System.currentTimeMillis() / 1_000,
                Parameters.QUICK,
                List.of(new Genesis.Allocation(id(payer), 1_000 * Coins.GRAINS_PER_COIN)),
                new WitnessSet(0, 0, sequencers.stream().map(ClusterTest::id).toList(), List.of(witness)));
        members = freeAddresses();
        for (int i = 0; i < COUNT; i++) {
            RegistryServer.create(place(i), genesis);
            open(i);
        }
    }

    @AfterEach
    void end() throws IOException {
        for (int i = 0; i < COUNT; i++) {
            close(i);
        }
        vault.close();
    }

    private static Key id(SigningKey key) {
        return Key.of(key.verifyingKey());
    }

    private Path place(int index) {
        return directory.resolve("member-" + index);
    }

    private static List<InetSocketAddress> freeAddresses() throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        return addresses;
    }

    private void open(int index) throws IOException {
        servers[index] = RegistryServer.open(place(index), sequencers.get(index), members, said::add);
    }

    private void close(int index) throws IOException {
        if (servers[index] != null) {
            servers[index].close();
            servers[index] = null;
        }
    }

    private SignedTransaction payment() {
        return new SignedTransaction.Order(
                        id(payer), nonce++, 1_000, BEGIN + 100_000_000L, new Transaction.TransferCoins(payee, 1_000))
                .sign(payer, genesis.id(), null);
    }

    /// Has a payment taken in by a machine, however often it must be asked.
    private long pay(int index) throws Exception {
        SignedTransaction payment = payment();
        RegistryReply last = null;
        for (int i = 0; i < TRIES; i++) {
            last = servers[index].ask(new RegistryRequest.Submit(payment));
            if (last instanceof RegistryReply.Submitted(long height)) {
                return height;
            }
            aMoment(); // a machine may be behind the one that took the payment before this
        }
        throw new AssertionError("never taken in: " + last + "; " + said);
    }

    private static void aMoment() throws InterruptedException {
        assertFalse(new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS));
    }

    private static RegistryReply.Status status(RegistryServer server) throws Exception {
        return assertInstanceOf(RegistryReply.Status.class, server.ask(new RegistryRequest.AskStatus()));
    }

    private int leader() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            if (servers[i] != null && status(servers[i]).leads()) {
                return i;
            }
        }
        throw new AssertionError("none leads");
    }

    private static byte[] block(RegistryServer server, long height) throws Exception {
        return assertInstanceOf(RegistryReply.OfBlock.class, server.ask(new RegistryRequest.AskBlock(height)))
                .block();
    }

    /// Goal: whoever is asked, every machine has the same blocks to the byte, with the time of the one that led;
    /// and
    /// says who they are and who leads. R16.24 R16.25
    @Test
    void everyMachineHasTheSameBlocks() throws Exception {
        long height = 0;
        for (int i = 0; i < 6; i++) {
            height = pay(i % COUNT);
        }
        int leader = leader();
        for (RegistryServer server : servers) {
            awaitHeight(server, height);
            for (long h = 1; h <= height; h++) {
                assertArrayEquals(block(servers[0], h), block(server, h));
            }
            assertEquals(COUNT, status(server).members().size());
            assertEquals(leader, status(server).leader());
        }
    }

    /// Asks until a machine that may be a moment behind has a block.
    private static void awaitHeight(RegistryServer server, long height) throws Exception {
        for (int i = 0; i < TRIES * 20 && status(server).height() < height; i++) {
            aMoment();
        }
        assertTrue(status(server).height() >= height, "the machine does not catch up");
    }

    /// Goal: without the machine that led the others go on, and it has everything once it is back; with one machine
    /// of three nothing is acknowledged; all of it is there after all were stopped. R16.24
    @Test
    void goesOnWithAMajority() throws Exception {
        long first = pay(0);
        int gone = leader();
        close(gone);
        int other = (gone + 1) % COUNT;
        long second = pay(other);
        assertTrue(second > first);
        close(other);
        int last = (gone + 2) % COUNT;
        SignedTransaction lonely = payment();
        CompletableFuture<RegistryReply> asked = CompletableFuture.supplyAsync(() -> submit(last, lonely));
        assertThrows(
                TimeoutException.class,
                () -> asked.get(3, TimeUnit.SECONDS),
                "a third of the machines acknowledges nothing");
        open(gone);
        assertInstanceOf(RegistryReply.Submitted.class, asked.get(60, TimeUnit.SECONDS));
        long third = pay(gone);
        open(other);
        awaitHeight(servers[other], third);
        for (long h = 1; h <= third; h++) {
            assertArrayEquals(block(servers[gone], h), block(servers[other], h));
        }
        for (int i = 0; i < COUNT; i++) {
            close(i);
        }
        for (int i = 0; i < COUNT; i++) {
            open(i);
            assertTrue(servers[i].height() >= third, "blocks are on the disk of each");
        }
        pay(1);
    }

    private RegistryReply submit(int index, SignedTransaction transaction) {
        try {
            return servers[index].ask(new RegistryRequest.Submit(transaction));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Goal: a machine that was away while the others noted how far they are, and were started again, catches up,
    /// however far behind: their log still begins where it began. R16.24
    @Test
    void aMemberThatWasAwayCatchesUp() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            close(i);
        }
        for (int i = 0; i < COUNT; i++) {
            openNoting(i);
        }
        awaitHeight(servers[2], pay(0));
        close(2);
        for (int i = 0; i < 12; i++) {
            pay(i % 2);
        }
        close(0);
        close(1);
        openNoting(0);
        openNoting(1);
        long height = pay(0);
        try (Stream<Path> files = Files.walk(place(0).resolve("order"))) {
            assertTrue(files.anyMatch(file -> file.getFileName().toString().matches("log_(inprogress_)?0(-\\d+)?")));
        }
        openNoting(2);
        awaitHeight(servers[2], height);
        assertArrayEquals(block(servers[0], height), block(servers[2], height));
    }

    /// Opens a machine that notes how far it is after every other entry.
    private void openNoting(int index) throws IOException {
        SequencerEngine.Part part = new SequencerEngine.Part(
                place(index).resolve("order"),
                genesis.id(),
                members,
                index,
                () -> System.currentTimeMillis() / 1_000,
                said::add);
        servers[index] = RegistryServer.open(
                place(index), sequencers.get(index), follower -> RatisSequencer.open(part, follower, 2), said::add);
    }

    /// Goal: one whose files are lost is no longer taken for a member. R16.26
    @Test
    void aMemberThatForgotIsRetired() throws Exception {
        awaitHeight(servers[2], pay(0));
        close(2);
        remove(place(2).resolve("order"));
        assertTrue(assertThrows(IOException.class, () -> open(2)).getMessage().contains("no longer be a member"));
        pay(0);
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// Goal: an entry of the log that a crash left half-written is cut off and said, and the machine has it again
    /// from
    /// the others; a whole one that is damaged stops the start. R16.10
    @Test
    void aTornLogIsCut() throws Exception {
        for (int i = 0; i < 4; i++) {
            pay(0);
        }
        int member = (leader() + 1) % COUNT;
        awaitHeight(servers[member], status(servers[leader()]).height());
        close(member);
        Path log = openSegment(member);
        byte[] bytes = Files.readAllBytes(log);
        int end = bytes.length;
        while (bytes[end - 1] == 0) {
            end--;
        }
        byte[] damaged = bytes.clone();
        damaged[end / 2] ^= 1;
        Files.write(log, damaged);
        assertThrows(Exception.class, () -> open(member));
        byte[] torn = Arrays.copyOf(bytes, bytes.length + 512);
        torn[end] = 120;
        Arrays.fill(torn, end + 1, end + 60, (byte) 7);
        Files.write(log, torn);
        open(member);
        assertTrue(said.stream().anyMatch(line -> line.contains("half-written")), said::toString);
        pay(member);
        close(member);
        Path again = openSegment(member);
        long size = Files.size(again);
        Files.write(again, new byte[] {90, 1, 2, 3}, StandardOpenOption.APPEND);
        LogTail.cut(again.getParent(), said::add);
        assertEquals(size, Files.size(again), "cut off where the file ends too");
    }

    private Path openSegment(int member) throws IOException {
        try (Stream<Path> files = Files.walk(place(member).resolve("order"))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Goal: a ledger of several sequencers is not begun alone, nor with another number of machines.
    @Test
    void membersAreThoseOfTheGenesis() throws Exception {
        close(0);
        assertThrows(IOException.class, () -> RegistryServer.open(place(0), sequencers.get(0), said::add));
        assertThrows(
                IOException.class,
                () -> RegistryServer.open(place(0), sequencers.get(0), members.subList(0, 2), said::add));
    }
}
