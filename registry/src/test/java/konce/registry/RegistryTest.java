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
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.Witness;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.history.HistoryProof;
import konce.names.ledger.Block;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
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

    private Registry started(Chain chain) throws IOException {
        Registry registry = new Registry(
                chain,
                SignedStore.open(directory, world.witnessKeys()),
                world.witnessKeys(),
                new Registry.Proposer(world.sequencers.getFirst(), 0),
                () -> nowSeconds);
        registry.start(new EmbeddedSequencer(registry));
        return registry;
    }

    private static RegistryReply reply(CompletableFuture<RegistryReply> answer) throws Exception {
        return answer.get(SECONDS_MAX, TimeUnit.SECONDS);
    }

    private WitnessStore store(int index) throws IOException {
        Path own = directory.resolve("witness-" + index);
        if (!WitnessStore.exists(own)) {
            WitnessStore.create(own, world.genesis.id());
        }
        return WitnessStore.open(own, world.genesis, said::add);
    }

    private WitnessKeeper keeper(int index, WitnessStore store) {
        return new WitnessKeeper(
                new Witness(world.witnesses.get(index), index, world.witnessKeys()),
                store,
                () -> nowSeconds,
                said::add);
    }

    private boolean visit(int index, Registrar registry) throws Exception {
        try (WitnessStore store = store(index)) {
            return keeper(index, store).visit(registry);
        }
    }

    private static RegistryReply ask(Registry registry, RegistryRequest request) throws IOException {
        try {
            if (request instanceof RegistryRequest.AskProposal(long blocks)) {
                return reply(registry.proposal(blocks));
            }
            if (request instanceof RegistryRequest.Countersign(long height, var signature)) {
                return registry.countersign(height, signature);
            }
            if (request instanceof RegistryRequest.AskBlock(long height)) {
                byte[] block = registry.chain().block(height);
                return block == null
                        ? new RegistryReply.Refused(RegistryReply.Problem.UNKNOWN, "")
                        : new RegistryReply.OfBlock(block);
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

    /// Goal: after so many blocks a snapshot is written beside them, and what a start makes of it is the same
    /// ledger.
    @Test
    void snapshotsAreWrittenBesideBlocks() throws Exception {
        Hash last;
        try (Chain chain = open()) {
            for (int i = 0; i < Chain.SNAPSHOT_BLOCKS; i++) {
                Ledger.Draft draft = chain.ledger().draft(nowSeconds + i, List.of());
                chain.append(draft.block(), draft.ledger());
            }
            last = chain.ledger().head().hash();
        }
        assertTrue(Files.exists(directory.resolve("snapshot")), "written before the end, or by it");
        assertFalse(Files.exists(directory.resolve("snapshot.new")));
        try (Chain chain = open()) {
            assertEquals(last, chain.ledger().head().hash());
        }
        assertEquals(List.of(), said);
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
                assertTrue(visit(index, request -> ask(registry, request)));
            }
            Countersigning.Signed signed = registry.signed();
            assertNotNull(signed);
            assertEquals(1, signed.checkpoint().checkpoint().height());
            assertTrue(signed.checkpoint().quorum(world.witnessKeys()).isReached());
            assertEquals(List.of(nowSeconds, nowSeconds, nowSeconds, 0L), registry.witnessTimes());
            RegistryReply refused =
                    registry.countersign(1, signed.checkpoint().signatures().getFirst());
            assertInstanceOf(RegistryReply.Done.class, refused, "the same again is no offence");
            assertTrue(visit(3, request -> ask(registry, request)));
        }
    }

    /// Goal: a block that found no witnesses in time is followed by an empty one once there are some, and that is
    /// signed. R14.7 R16.27
    @Test
    void whatNobodySignedInTimeIsFollowedByAnother() throws Exception {
        try (Chain chain = open();
                Registry registry = started(chain)) {
            reply(registry.submit(world.payment(0, 0, World.FEE)));
            nowSeconds += 1_000;
            assertFalse(visit(0, request -> ask(registry, request)));
            assertTrue(said.getLast().contains("CLOCKS_DIFFER"), said::toString);
            // It has signed nothing yet, so it is answered at once; the block may be a moment away.
            for (int i = 0; i < 100 && chain.ledger().head().height() < 2; i++) {
                visit(0, request -> ask(registry, request));
            }
            for (int index = 1; index < 4; index++) {
                assertTrue(visit(index, request -> ask(registry, request)));
            }
            assertEquals(2, registry.signed().checkpoint().checkpoint().height());
            assertEquals(2, chain.ledger().head().height(), "one empty block is enough");
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
            try (WitnessStore store = WitnessStore.open(own, world.genesis, said::add)) {
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
            try (WitnessStore store = WitnessStore.open(own, world.genesis, said::add)) {
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

    /// Goal: a witness signs what it has gone through itself: not another root, nor a block that breaks a rule,
    /// also
    /// when a sequencer proposes it; and what it has gone through it has on disk, or fetches again. R14.10
    @Test
    void aWitnessAppliesBeforeItSigns() throws Exception {
        try (Chain chain = open();
                Registry registry = started(chain)) {
            reply(registry.submit(world.payment(0, 0, World.FEE)));
            Ledger begin = Ledger.begin(world.genesis);
            Block honest = block(chain, 1);
            Block.Header head = honest.header();
            Block richer = new Block(
                    new Block.Header(
                            1,
                            head.previous(),
                            head.timeSeconds(),
                            Hash.ZERO,
                            head.historyRoot(),
                            head.transactionsRoot()),
                    honest.transactions());
            assertFalse(visit(0, lying(begin, richer)));
            assertTrue(said.getLast().contains(Rule.BLOCK_STATE.sentence()), said::toString);
            SignedTransaction early = world.payment(1, 3, World.FEE);
            Ledger.Draft none = begin.draft(nowSeconds, List.of());
            Block.Header empty = none.block().header();
            assertFalse(visit(0, lying(begin, new Block(empty, List.of(early)))), "not what the header names");
            assertFalse(visit(
                    0,
                    request -> request instanceof RegistryRequest.AskBlock
                            ? new RegistryReply.OfBlock(none.block().encode())
                            : ask(registry, request)));
            assertTrue(said.getLast().contains("do not lead to it"), said::toString);
            try (WitnessStore store = store(0)) {
                assertNull(store.memory().last(), "nothing was signed");
            }
            assertTrue(visit(0, request -> ask(registry, request)));
            reply(registry.submit(world.payment(0, 1, World.FEE)));
            Path own = directory.resolve("witness-0");
            Files.delete(own.resolve("blocks"));
            Files.delete(own.resolve("snapshot"));
            assertTrue(visit(0, request -> ask(registry, request)));
            try (WitnessStore store = store(0)) {
                assertEquals(chain.ledger().checkpoint(), store.ledger().checkpoint());
                assertEquals(chain.ledger().checkpoint(), store.memory().last());
            }
        }
    }

    private static Block block(Chain chain, long height) throws IOException {
        return switch (Block.decode(chain.block(height))) {
            case Decoded.Value<Block>(Block block) -> block;
            case Decoded.Malformed<Block>(String why) -> throw new AssertionError(why);
        };
    }

    /// A sequencer that proposes any block behind the genesis, with its signature.
    private Registrar lying(Ledger begin, Block block) {
        Checkpoint checkpoint = new Checkpoint(
                world.genesis.id(),
                1,
                block.header().timeSeconds(),
                block.header().stateRoot(),
                begin.history().with(block.header().hash()).root());
        return request -> request instanceof RegistryRequest.AskBlock
                ? new RegistryReply.OfBlock(block.encode())
                : new RegistryReply.Proposal(
                        ProposedCheckpoint.sign(world.sequencers.getFirst(), 0, 0, checkpoint), HistoryProof.EMPTY);
    }

    /// Goal: what a quorum has signed is shown again at once after a restart, and a registry whose blocks end
    /// before
    /// it, or are others, does not start. R16.23
    @Test
    void whatWasShownIsNotTakenBack() throws Exception {
        Path young = Files.createDirectory(directory.resolve("young"));
        try (Chain chain = open();
                Registry registry = started(chain)) {
            Files.copy(directory.resolve("blocks"), young.resolve("blocks"));
            reply(registry.submit(world.payment(0, 0, World.FEE)));
            for (int index = 0; index < 3; index++) {
                assertTrue(visit(index, request -> ask(registry, request)));
            }
        }
        try (Chain chain = open();
                Registry registry = started(chain)) {
            assertEquals(1, registry.signed().checkpoint().checkpoint().height(), "without any witness");
            SignedStore.open(directory, world.witnessKeys()).check(chain);
        }
        SignedStore kept = SignedStore.open(directory, world.witnessKeys());
        try (Chain chain = Chain.open(young, world.genesis, said::add)) {
            assertTrue(assertThrows(DamagedLogException.class, () -> kept.check(chain))
                    .getMessage()
                    .contains("end before it"));
            Registry other = started(chain);
            reply(other.submit(world.payment(1, 0, World.FEE)));
            assertThrows(DamagedLogException.class, () -> kept.check(chain), "another block 1");
            other.close();
        }
        byte[] bytes = Files.readAllBytes(directory.resolve("signed"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(directory.resolve("signed"), bytes);
        assertThrows(DamagedLogException.class, () -> SignedStore.open(directory, world.witnessKeys()));
    }

    /// Goal: a witness whose memory is damaged, lost or another's does not start.
    @Test
    void aWitnessThatForgotIsRetired() throws Exception {
        Path own = directory.resolve("witness-0");
        WitnessStore.create(own, world.genesis.id());
        try (World other = new World(1)) {
            assertThrows(DamagedLogException.class, () -> WitnessStore.open(own, other.genesis, said::add));
        }
        try (WitnessStore _ = WitnessStore.open(own, world.genesis, said::add)) {
            assertThrows(
                    IOException.class, () -> WitnessStore.open(own, world.genesis, said::add), "one process at a time");
        }
        byte[] whole = Files.readAllBytes(own.resolve("memory"));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(own.resolve("memory"), damaged);
            assertThrows(DamagedLogException.class, () -> WitnessStore.open(own, world.genesis, said::add));
        }
        Files.delete(own.resolve("memory"));
        assertThrows(IOException.class, () -> WitnessStore.open(own, world.genesis, said::add));
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
