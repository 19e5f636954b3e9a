package konce.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import konce.names.checkpoint.Witness;
import konce.names.encoding.Hash;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.Rule;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.registry.store.DamagedLogException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry without its network: what becomes of transactions, and what a restart finds.
class RegistryTest {
    private static final long SECONDS_MAX = 20;

    @TempDir
    Path directory;

    private final List<String> said = new ArrayList<>();
    private final World world = new World(4);
    private long nowSeconds = World.BEGIN;

    @AfterEach
    void close() {
        world.close();
    }

    private Chain open() throws IOException {
        if (!Chain.exists(directory)) {
            Chain.create(directory, world.genesis);
        }
        return Chain.open(directory, world.genesis, said::add);
    }

    private Registry started(Chain chain) {
        Registry registry = new Registry(
                chain, world.witnessKeys(), new Registry.Proposer(world.sequencers.getFirst(), 0), () -> nowSeconds);
        registry.start(new EmbeddedSequencer(registry));
        return registry;
    }

    private static RegistryReply reply(CompletableFuture<RegistryReply> answer) throws Exception {
        return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    private WitnessKeeper witness(int index) throws IOException {
        Path own = directory.resolve("witness-" + index);
        if (!WitnessStore.exists(own)) {
            WitnessStore.create(own, world.genesis.id());
        }
        return new WitnessKeeper(
                new Witness(world.witnesses.get(index), index, world.witnessKeys()),
                WitnessStore.open(own, world.genesis.id()),
                () -> nowSeconds,
                said::add);
    }

    private static RegistryReply ask(Registry registry, RegistryRequest request) throws IOException {
        try {
            if (request instanceof RegistryRequest.AskProposal(long blocks)) {
                return reply(registry.proposal(blocks));
            }
            if (request instanceof RegistryRequest.Countersign(long height, var signature)) {
                return registry.countersign(height, signature);
            }
            throw new IOException("a witness asks no " + request);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /// Goal: what was acknowledged is there after a restart, with and without the snapshot, and the roots are the
    /// same.
    /// R16.6
    @Test
    void acknowledgedIsKept() throws Exception {
        Hash root;
        try (Chain chain = open();
                Registry registry = started(chain)) {
            List<CompletableFuture<RegistryReply>> answers = new ArrayList<>();
            for (int nonce = 0; nonce < 10; nonce++) {
                for (int account = 0; account < World.ACCOUNTS; account++) {
                    answers.add(registry.submit(world.payment(account, nonce, World.FEE)));
                }
            }
            for (CompletableFuture<RegistryReply> answer : answers) {
                assertInstanceOf(RegistryReply.Submitted.class, reply(answer));
            }
            root = chain.ledger().head().hash();
        }
        assertTrue(Files.exists(directory.resolve("snapshot")), "an orderly end leaves a snapshot");
        try (Chain chain = open()) {
            assertEquals(root, chain.ledger().head().hash());
        }
        Files.delete(directory.resolve("snapshot"));
        try (Chain chain = open()) {
            assertEquals(root, chain.ledger().head().hash());
            assertEquals(
                    10,
                    chain.ledger().account(World.id(world.accounts.getFirst())).nonce());
        }
        assertEquals(List.of(), said);
    }

    /// Goal: a damaged snapshot is passed over and said; one of blocks that are gone stops the start.
    @Test
    void snapshotsAreOnlyAHelp() throws Exception {
        try (Chain chain = open();
                Registry registry = started(chain)) {
            reply(registry.submit(world.payment(0, 0, World.FEE)));
        }
        Path snapshot = directory.resolve("snapshot");
        byte[] whole = Files.readAllBytes(snapshot);
        byte[] damaged = whole.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(snapshot, damaged);
        try (Chain chain = open()) {
            assertEquals(1, chain.ledger().head().height());
            assertTrue(said.getFirst().contains("passed over"), said::toString);
        }
        Files.write(snapshot, whole);
        Files.delete(directory.resolve("blocks"));
        Chain.create(directory, world.genesis);
        assertTrue(
                assertThrows(DamagedLogException.class, this::open).toString().contains("some are missing"));
    }

    /// Goal: what breaks a rule is refused with the rule's name, also behind what waits, and changes nothing. R16.5
    @Test
    void refusedWithTheRule() throws Exception {
        try (Chain chain = open();
                Registry registry = started(chain)) {
            assertEquals(new RegistryReply.Broken(Rule.FEE_TOO_LOW), reply(registry.submit(world.payment(0, 0, 1))));
            assertEquals(
                    new RegistryReply.Broken(Rule.NONCE_AHEAD), reply(registry.submit(world.payment(0, 7, World.FEE))));
            assertEquals(
                    new RegistryReply.Broken(Rule.COMMITMENT_UNKNOWN),
                    reply(registry.submit(world.signed(
                            0,
                            0,
                            World.FEE,
                            new Transaction.Reveal(new Name("shop"), Hash.ZERO, World.id(world.master), null, 1)))));
            assertEquals(0, chain.ledger().head().height());
            assertInstanceOf(RegistryReply.Submitted.class, reply(registry.submit(world.payment(0, 0, World.FEE))));
            assertEquals(
                    new RegistryReply.Broken(Rule.NONCE_USED), reply(registry.submit(world.payment(0, 0, World.FEE))));
        }
    }

    /// Goal: clients are shown a ledger once 2f + 1 of 3f + 1 witnesses have signed it, and not before. R16.13
    /// R16.14
    @Test
    void shownOnceAQuorumHasSigned() throws Exception {
        try (Chain chain = open();
                Registry registry = started(chain)) {
            reply(registry.submit(world.payment(0, 0, World.FEE)));
            for (int index = 0; index < 3; index++) {
                assertNull(registry.signed(), "a quorum of four is three");
                assertTrue(witness(index).visit(request -> ask(registry, request)));
            }
            Countersigning.Signed signed = registry.signed();
            assertNotNull(signed);
            assertEquals(1, signed.checkpoint().checkpoint().height());
            assertTrue(signed.checkpoint().quorum(world.witnessKeys()).isReached());
            assertEquals(List.of(nowSeconds, nowSeconds, nowSeconds, 0L), registry.witnessTimes());
            WitnessKeeper last = witness(3);
            RegistryReply refused =
                    registry.countersign(1, signed.checkpoint().signatures().getFirst());
            assertInstanceOf(RegistryReply.Done.class, refused, "the same again is no offence");
            assertTrue(last.visit(request -> ask(registry, request)));
        }
    }

    /// Goal: a witness has stored what it signs before anybody has the signature, and a second root at a height
    /// gets
    /// none, also after a restart of the witness. R16.11 Method: the sequencer shows it another block 1.
    @Test
    void aWitnessStoresBeforeItAnswers() throws Exception {
        Path own = directory.resolve("witness-0");
        WitnessStore.create(own, world.genesis.id());
        Witness witness = new Witness(world.witnesses.getFirst(), 0, world.witnessKeys());
        Path twin = Files.createDirectory(directory.resolve("twin"));
        Chain.create(twin, world.genesis);
        try (Chain chain = open();
                Registry registry = started(chain);
                Chain otherChain = Chain.open(twin, world.genesis, said::add);
                Registry other = started(otherChain)) {
            reply(registry.submit(world.payment(0, 0, World.FEE)));
            reply(other.submit(world.payment(1, 0, World.FEE)));
            try (WitnessStore store = WitnessStore.open(own, world.genesis.id())) {
                WitnessKeeper keeper = new WitnessKeeper(witness, store, () -> nowSeconds, said::add);
                assertThrows(
                        IOException.class,
                        () -> keeper.visit(request -> {
                            if (request instanceof RegistryRequest.Countersign) {
                                throw new IOException("the line breaks just then");
                            }
                            return ask(registry, request);
                        }));
            }
            try (WitnessStore store = WitnessStore.open(own, world.genesis.id())) {
                WitnessKeeper keeper = new WitnessKeeper(witness, store, () -> nowSeconds, said::add);
                assertEquals(1, store.memory().last().height(), "stored although nobody got the signature");
                assertFalse(keeper.visit(request -> ask(
                        other,
                        request instanceof RegistryRequest.AskProposal
                                ? new RegistryRequest.AskProposal(0)
                                : request)));
                assertTrue(said.getLast().contains("SECOND_ROOT"), said::toString);
                assertTrue(keeper.visit(request -> ask(
                        registry,
                        request instanceof RegistryRequest.AskProposal
                                ? new RegistryRequest.AskProposal(0)
                                : request)));
            }
        }
    }

    /// Goal: a witness whose memory is damaged, lost or another's does not start.
    @Test
    void aWitnessThatForgotIsRetired() throws Exception {
        Path own = directory.resolve("witness-0");
        WitnessStore.create(own, world.genesis.id());
        assertThrows(DamagedLogException.class, () -> WitnessStore.open(own, Hash.ZERO));
        try (WitnessStore _ = WitnessStore.open(own, world.genesis.id())) {
            assertThrows(IOException.class, () -> WitnessStore.open(own, world.genesis.id()), "one process at a time");
        }
        byte[] whole = Files.readAllBytes(own.resolve("memory"));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(own.resolve("memory"), damaged);
            assertThrows(DamagedLogException.class, () -> WitnessStore.open(own, world.genesis.id()));
        }
        Files.delete(own.resolve("memory"));
        assertThrows(IOException.class, () -> WitnessStore.open(own, world.genesis.id()));
    }

    /// Goal: a witness that has seen everything is told of the next block as soon as it is there. R16.12
    @Test
    void witnessesHearOfTheNextBlock() throws Exception {
        try (Chain chain = open();
                Registry registry = started(chain)) {
            CompletableFuture<RegistryReply> waiting =
                    registry.proposal(chain.ledger().checkpoint().blocks());
            assertFalse(waiting.isDone());
            reply(registry.submit(world.payment(0, 0, World.FEE)));
            assertInstanceOf(RegistryReply.Proposal.class, reply(waiting));
            Ledger ledger = chain.ledger();
            assertInstanceOf(
                    RegistryReply.Refused.class,
                    reply(registry.proposal(ledger.checkpoint().blocks() - 1).thenCompose(_ -> registry.proposal(-1))));
        }
    }
}
