package konce.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import konce.crypto.SigningKey;
import konce.names.KonceAddress;
import konce.names.OwnedName;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.checkpoint.Witness;
import konce.names.checkpoint.WitnessMemory;
import konce.names.client.Reason;
import konce.names.client.Verdict;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Name;
import konce.names.ledger.Transaction;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Node;
import konce.node.names.NameHome;
import konce.node.names.NameResolver;
import konce.node.names.RegistryClient;
import konce.node.store.CheckedFile;
import konce.protocol.Address;
import konce.protocol.SendOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Registries and clients over real sockets on the loopback interface; witnesses are called by hand.
class ResolvingTest {
    private static final Name SHOP = new Name("shop");
    private static final Address PLACE = Address.of(new byte[] {127, 0, 0, 1}, 413);

    @TempDir
    Path directory;

    private final World world = new World(4);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private long nowSeconds = World.BEGIN + 10;
    private Node client;

    /// A registry, its node, and who signs for it.
    private final class Kept {
        final Chain chain;
        final Registry registry;
        final Bindings bindings;
        final RegistryDesk desk;
        final Node node;

        Kept(String name) throws IOException {
            Path own = Files.createDirectory(directory.resolve(name));
            Chain.create(own, world.genesis);
            chain = keep(Chain.open(own, world.genesis, said::add));
            registry = keep(new Registry(
                    chain,
                    SignedStore.open(own, world.witnessKeys()),
                    world.witnessKeys(),
                    new Registry.Proposer(world.sequencers.getFirst(), 0),
                    () -> nowSeconds));
            EmbeddedSequencer sequencer = new EmbeddedSequencer(registry);
            registry.start(sequencer);
            bindings = keep(Bindings.open(own, world.genesis, registry, said::add));
            desk = new RegistryDesk(registry, bindings, sequencer);
            node = keep(Node.builder()
                    .server(true)
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .open());
            node.handle(
                    RegistryServer.HANDLER,
                    message -> desk.answer(message.bytes()).thenAccept(message::reply));
        }

        KonceAddress address() {
            return new KonceAddress(node.publicKey(), node.target().addresses());
        }

        void submit(int account, long nonce, Transaction transaction) throws Exception {
            assertInstanceOf(
                    RegistryReply.Submitted.class,
                    registry.submit(world.signed(account, nonce, World.FEE, transaction))
                            .get());
        }

        /// Registers `shop` for the account's own key, and has it signed by these witnesses.
        ServerBinding sell(int account, int... witnesses) throws Exception {
            Hash salt = new Hash(account, 0, 0, 0);
            Key id = World.id(world.accounts.get(account));
            submit(account, 0, new Transaction.Commit(Transaction.commitment(id, SHOP, salt)));
            nowSeconds += 2;
            submit(account, 1, new Transaction.Reveal(SHOP, salt, id, null, 1));
            for (int index : witnesses) {
                signWithoutMemory(index);
            }
            return binding(world.accounts.get(account), node, 1);
        }

        /// Signs whatever it is shown, and forgets: what no honest witness does.
        void signWithoutMemory(int index) throws Exception {
            Witness witness = new Witness(world.witnesses.get(index), index, world.witnessKeys());
            RegistryReply.Proposal proposed = assertInstanceOf(
                    RegistryReply.Proposal.class, registry.proposal(0).get());
            Witness.Answer.StoreThenAnswer answer = assertInstanceOf(
                    Witness.Answer.StoreThenAnswer.class,
                    witness.consider(
                            WitnessMemory.start(world.genesis.id()),
                            proposed.proposal(),
                            proposed.proof(),
                            nowSeconds));
            registry.countersign(proposed.proposal().checkpoint().height(), answer.signature());
        }
    }

    /// An honest witness, with a memory on disk, that is shown these registries one after the other.
    ///
    /// @return whether it signed each
    private List<Boolean> shown(int index, Kept... registries) throws Exception {
        Path own = directory.resolve("witness-" + index);
        WitnessStore.create(own, world.genesis.id());
        List<Boolean> signed = new ArrayList<>();
        try (WitnessStore store = WitnessStore.open(own, world.genesis, said::add)) {
            WitnessKeeper keeper = new WitnessKeeper(
                    new Witness(world.witnesses.get(index), index, world.witnessKeys()),
                    store,
                    () -> nowSeconds,
                    said::add);
            for (Kept registry : registries) {
                signed.add(keeper.visit(request -> registry.desk.answer(request).join()));
            }
        }
        return signed;
    }

    private ServerBinding binding(SigningKey owner, Node server, long sequence) {
        return new ServerBinding.Terms(
                        SHOP, 1, server.publicKey(), List.of(PLACE), null, nowSeconds, nowSeconds + 1_000, sequence)
                .sign(owner, world.genesis.id());
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.push(resource);
        return resource;
    }

    @BeforeEach
    void start() throws IOException {
        client = keep(Node.builder().anonymous(true).open());
    }

    @AfterEach
    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
        world.close();
    }

    private NameHome home(KonceAddress... registries) throws IOException {
        NameHome home = new NameHome(directory.resolve("client"));
        if (!home.isJoined()) {
            home.join(world.genesis, List.of(registries));
        } else {
            home.keepRegistries(List.of(registries));
        }
        return home;
    }

    private NameResolver resolver(KonceAddress... registries) throws IOException {
        NameHome home = home(registries);
        return new NameResolver(
                home,
                new RegistryClient(client, home.registries(), SendOptions.REQUEST.withConnectTimeout(1_000_000_000L)),
                () -> nowSeconds,
                said::add);
    }

    /// Goal: a name resolves to the server its owner signed for, in one question; what is published must be the
    /// owner's,
    /// and newer than before. R16.3 R16.15 R16.16 R16.20
    @Test
    void resolvesWhatTheOwnerSigned() throws Exception {
        Kept kept = new Kept("one");
        NameResolver resolver = resolver(kept.address());
        ServerBinding binding = kept.sell(0);
        NameResolver.Found.Nothing early = assertInstanceOf(NameResolver.Found.Nothing.class, resolver.resolve(SHOP));
        assertTrue(early.why().contains("no quorum"), early::why);
        for (int index = 0; index < 3; index++) {
            kept.signWithoutMemory(index);
        }
        assertEquals(Reason.NO_BINDING, reason(resolver.resolve(SHOP)));

        assertInstanceOf(
                RegistryReply.Refused.class,
                kept.bindings.publish(
                        binding(world.accounts.get(1), kept.node, 1).encode()),
                "of another's key");
        assertInstanceOf(RegistryReply.Refused.class, kept.bindings.publish(new byte[] {1}), "of nothing");
        assertInstanceOf(RegistryReply.Done.class, kept.bindings.publish(binding.encode()));
        assertInstanceOf(RegistryReply.Done.class, kept.bindings.publish(binding.encode()), "the same again");
        ServerBinding older = binding(world.accounts.getFirst(), kept.node, 0);
        assertInstanceOf(RegistryReply.Refused.class, kept.bindings.publish(older.encode()), "an older one");

        NameResolver.Found.Server server = assertInstanceOf(NameResolver.Found.Server.class, resolver.resolve(SHOP));
        assertEquals(new KonceAddress(kept.node.publicKey(), List.of(PLACE)), server.address());
        assertEquals(new OwnedName(world.genesis.id(), SHOP, 1), server.whose());
        assertEquals(
                2,
                home(kept.address())
                        .client(world.genesis)
                        .record()
                        .newest()
                        .checkpoint()
                        .height(),
                "what was believed is on disk");
    }

    private static Reason reason(NameResolver.Found found) {
        Verdict verdict =
                assertInstanceOf(NameResolver.Found.Nothing.class, found).verdict();
        assertNotNull(verdict, found::toString);
        return assertInstanceOf(Verdict.Refused.class, verdict.outcome()).reason();
    }

    /// Goal: what was believed serves without network and after a restart, until it is no longer good. R16.19
    @Test
    void usedOfflineWhileItIsGood() throws Exception {
        Kept kept = new Kept("one");
        kept.bindings.publish(kept.sell(0, 0, 1, 2).encode());
        NameResolver.Found.Server fresh = assertInstanceOf(
                NameResolver.Found.Server.class, resolver(kept.address()).resolve(SHOP));
        assertFalse(fresh.cached());
        KonceAddress silent = new KonceAddress(client.publicKey(), List.of(Address.of(new byte[] {127, 0, 0, 1}, 9)));
        nowSeconds += (fresh.freshUntilSeconds() - nowSeconds) / 2;
        NameResolver.Found.Server again = assertInstanceOf(
                NameResolver.Found.Server.class, resolver(silent).resolve(SHOP));
        assertTrue(again.cached());
        assertEquals(fresh.address(), again.address());
        nowSeconds = fresh.freshUntilSeconds() + 1;
        assertInstanceOf(NameResolver.Found.Nothing.class, resolver(silent).resolve(SHOP));
    }

    /// Goal: a sequencer that shows two histories fools nobody while no more than f witnesses lie: the other
    /// history has
    /// no quorum. Method: the name is sold twice, on two registries with one sequencer's key; one of four witnesses
    /// signs anything.
    @Test
    void anEquivocatingSequencerFoolsNobody() throws Exception {
        Kept honest = new Kept("honest");
        honest.bindings.publish(honest.sell(0, 0, 1, 2).encode());
        Kept lying = new Kept("lying");
        lying.bindings.publish(lying.sell(1, 2, 3).encode());
        assertInstanceOf(
                NameResolver.Found.Nothing.class, resolver(lying.address()).resolve(SHOP));
        NameResolver.Found.Server found = assertInstanceOf(
                NameResolver.Found.Server.class,
                resolver(lying.address(), honest.address()).resolve(SHOP));
        assertEquals(honest.node.publicKey(), found.address().key());
    }

    /// Goal: a sequencer built to show two histories, and a witness built to sign anything, fool no client
    /// together:
    /// witnesses that are honest sign one of the two each, whichever they see first. R14.5 R16.14 Method: real
    /// witnesses with memories; the liar has none.
    @Test
    void aLyingMachineAndALyingWitnessFoolNobody() throws Exception {
        Kept honest = new Kept("honest");
        honest.bindings.publish(honest.sell(0).encode());
        Kept lying = new Kept("lying");
        lying.bindings.publish(lying.sell(1).encode());
        assertEquals(List.of(true, false), shown(0, honest, lying));
        assertEquals(List.of(true, false), shown(1, honest, lying));
        assertEquals(List.of(true, false), shown(2, lying, honest));
        honest.signWithoutMemory(3);
        lying.signWithoutMemory(3);
        NameResolver.Found.Nothing alone = assertInstanceOf(
                NameResolver.Found.Nothing.class, resolver(lying.address()).resolve(SHOP));
        assertTrue(alone.why().contains("no quorum"), alone::why);
        NameResolver.Found.Server found = assertInstanceOf(
                NameResolver.Found.Server.class,
                resolver(lying.address(), honest.address()).resolve(SHOP));
        assertEquals(honest.node.publicKey(), found.address().key());
        // Nor after a restart of the client, with the lying machine alone.
        nowSeconds = found.freshUntilSeconds() + 1;
        assertInstanceOf(
                NameResolver.Found.Nothing.class, resolver(lying.address()).resolve(SHOP));
    }

    /// Goal: where more than f witnesses lie, whoever sees both histories is told, and has what shows it to anyone;
    /// a
    /// client that believed one is not led to the other. R16.17 R16.18
    @Test
    void twoSignedHistoriesAreEvidence() throws Exception {
        Kept one = new Kept("one");
        one.bindings.publish(one.sell(0, 0, 1, 2).encode());
        Kept other = new Kept("other");
        other.bindings.publish(other.sell(1, 1, 2, 3).encode());
        NameResolver both = resolver(one.address(), other.address());
        NameResolver.Found _ = both.resolve(SHOP);
        assertTrue(said.stream().anyMatch(line -> line.contains("evidence of a lie")), said::toString);
        Equivocation evidence = evidence();
        assertEquals(2, evidence.liars(world.witnessKeys()).size(), "witnesses 1 and 2 signed both");
        Checkpoint believed = both.client().record().newest().checkpoint();
        Kept against = believed.equals(one.chain.ledger().checkpoint()) ? other : one;
        nowSeconds += 5_000;
        assertEquals(Reason.FORK, reason(resolver(against.address()).ask(SHOP)));
    }

    private Equivocation evidence() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("client").resolve("evidence"))) {
            Decoded<Equivocation> read =
                    Equivocation.decode(CheckedFile.read(files.findFirst().orElseThrow()));
            return switch (read) {
                case Decoded.Value<Equivocation>(Equivocation evidence) -> evidence;
                case Decoded.Malformed<Equivocation>(String why) -> throw new AssertionError(why);
            };
        }
    }

    /// Goal: a registry that answers something else, nonsense or nothing is passed over. R16.2
    @Test
    void nonsenseIsNoAnswer() throws Exception {
        Kept kept = new Kept("one");
        kept.bindings.publish(kept.sell(0, 0, 1, 2).encode());
        List<KonceAddress> asked = new ArrayList<>();
        for (byte[] answer : List.of(
                new RegistryReply.Done().encode(),
                new byte[] {9, 9, 9},
                new RegistryReply.Resolved(new byte[] {1}).encode())) {
            Node nonsense = keep(Node.builder()
                    .server(true)
                    .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .open());
            nonsense.handle(RegistryServer.HANDLER, message -> message.reply(answer));
            asked.add(new KonceAddress(nonsense.publicKey(), nonsense.target().addresses()));
        }
        assertInstanceOf(
                NameResolver.Found.Nothing.class,
                resolver(asked.toArray(new KonceAddress[0])).resolve(SHOP));
        asked.add(kept.address());
        assertInstanceOf(
                NameResolver.Found.Server.class,
                resolver(asked.toArray(new KonceAddress[0])).resolve(SHOP));
    }

    /// Goal: what looks around finds names, blocks and histories, and what is not there is refused.
    @Test
    void looksAround() throws Exception {
        Kept kept = new Kept("one");
        ServerBinding _ = kept.sell(0, 0, 1, 2);
        RegistryClient asking = new RegistryClient(client, List.of(kept.address()), SendOptions.REQUEST);
        assertEquals(
                List.of(SHOP),
                assertInstanceOf(RegistryReply.Names.class, asking.ask(new RegistryRequest.Search("sh", "")))
                        .names());
        assertEquals(
                List.of(),
                assertInstanceOf(RegistryReply.Names.class, asking.ask(new RegistryRequest.Search("", "shop")))
                        .names());
        assertEquals(
                2,
                assertInstanceOf(RegistryReply.OfHistory.class, asking.ask(new RegistryRequest.History(SHOP, 0)))
                        .transactions()
                        .getFirst()
                        .height());
        assertInstanceOf(RegistryReply.OfBlock.class, asking.ask(new RegistryRequest.AskBlock(2)));
        assertInstanceOf(RegistryReply.Refused.class, asking.ask(new RegistryRequest.AskBlock(3)));
        assertInstanceOf(RegistryReply.Consistent.class, asking.ask(new RegistryRequest.Consistency(1, 3)));
        assertInstanceOf(RegistryReply.Refused.class, asking.ask(new RegistryRequest.Consistency(3, 9)));
        RegistryReply.Status status =
                assertInstanceOf(RegistryReply.Status.class, asking.ask(new RegistryRequest.AskStatus()));
        assertEquals(2, status.height());
        assertEquals(2, status.signedHeight());
    }
}
