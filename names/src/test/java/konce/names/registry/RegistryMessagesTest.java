package konce.names.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import konce.crypto.SeededRandom;
import konce.crypto.SigningKey;
import konce.crypto.Vault;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.client.Query;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.history.HistoryProof;
import konce.names.ledger.Name;
import konce.names.ledger.Role;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
import konce.names.ledger.Transaction;
import konce.names.trie.TrieProof;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryMessagesTest {
    private static final Hash HASH = new Hash(1, 2, 3, 4);

    private final Vault vault = Vault.open(1 << 12);
    private final SigningKey key = SigningKey.generate(vault, new SeededRandom(413));
    private final Checkpoint checkpoint = new Checkpoint(HASH, 7, 1_800_000_000L, HASH, HASH);
    private final SignedCheckpoint signed = new SignedCheckpoint(checkpoint, 0, List.of());

    @AfterEach
    void close() {
        vault.close();
    }

    private SignedTransaction transaction() {
        return new SignedTransaction.Order(
                        Key.of(key.verifyingKey()), 3, 1_000, 1_800_000_000L, new Transaction.Commit(HASH))
                .sign(key, HASH, null);
    }

    private List<RegistryRequest> requests() {
        return List.of(
                new RegistryRequest.AskGenesis(),
                new RegistryRequest.Resolve(new Query(new Role(new Name("ceo"), new Name("shop")), 0, signed)),
                new RegistryRequest.Prove(HASH),
                new RegistryRequest.AskCheckpoint(),
                new RegistryRequest.Consistency(3, 9),
                new RegistryRequest.History(new Name("shop"), 64),
                new RegistryRequest.AskBlock(5),
                new RegistryRequest.Search("sh", "shop"),
                new RegistryRequest.Submit(transaction()),
                new RegistryRequest.Publish(new byte[] {1, 2, 3}),
                new RegistryRequest.AskProposal(8),
                new RegistryRequest.AskStatus());
    }

    private List<RegistryReply> replies() {
        return List.of(
                new RegistryReply.Refused(RegistryReply.Problem.BUSY, "later"),
                new RegistryReply.Broken(Rule.NAME_TAKEN),
                new RegistryReply.Done(),
                new RegistryReply.Submitted(8),
                new RegistryReply.OfGenesis(new byte[] {1}),
                new RegistryReply.Resolved(new byte[] {1, 2}),
                new RegistryReply.Proven(signed, new byte[] {1}, new TrieProof(List.of(), TrieProof.Here.HERE)),
                new RegistryReply.Proven(signed, null, new TrieProof(List.of(), TrieProof.Nothing.NOTHING)),
                new RegistryReply.OfCheckpoint(signed),
                new RegistryReply.Consistent(new HistoryProof(List.of(HASH))),
                new RegistryReply.OfHistory(List.of(new RegistryReply.Placed(8, 9, transaction())), true),
                new RegistryReply.OfBlock(new byte[] {4}),
                new RegistryReply.Names(List.of(new Name("a"), new Name("b")), false),
                new RegistryReply.Proposal(ProposedCheckpoint.sign(key, 0, 0, checkpoint), new HistoryProof(List.of())),
                new RegistryReply.Status(8, -1, 3, 2, true, List.of(0L, 5L), List.of("10.0.0.1:415"), 0));
    }

    /// Goal: every request and reply reads back as it was written; cut anywhere, or with a byte more, it is refused
    /// with
    /// a reason. R16.1
    @Test
    void readBackOrRefused() {
        for (RegistryRequest request : requests()) {
            byte[] bytes = request.encode();
            assertArrayEquals(
                    bytes,
                    assertInstanceOf(Decoded.Value.class, RegistryRequest.decode(bytes), request::toString)
                                            .value()
                                    instanceof RegistryRequest again
                            ? again.encode()
                            : null);
            for (int length = 0; length <= bytes.length + 1; length++) {
                if (length != bytes.length) {
                    assertInstanceOf(Decoded.Malformed.class, RegistryRequest.decode(Arrays.copyOf(bytes, length)));
                }
            }
        }
        for (RegistryReply reply : replies()) {
            byte[] bytes = reply.encode();
            assertArrayEquals(
                    bytes,
                    assertInstanceOf(Decoded.Value.class, RegistryReply.decode(bytes), reply::toString)
                                            .value()
                                    instanceof RegistryReply again
                            ? again.encode()
                            : null);
            for (int length = 0; length <= bytes.length + 1; length++) {
                if (length != bytes.length) {
                    assertInstanceOf(Decoded.Malformed.class, RegistryReply.decode(Arrays.copyOf(bytes, length)));
                }
            }
        }
    }

    /// Goal: too much is not looked at, and no bytes whatever make a reader throw. R16.1
    @Test
    void anyBytesAreSurvived() {
        assertInstanceOf(Decoded.Malformed.class, RegistryRequest.decode(new byte[RegistryRequest.BYTES_MAX + 1]));
        assertInstanceOf(Decoded.Malformed.class, RegistryReply.decode(new byte[RegistryReply.BYTES_MAX + 1]));
        Random random = new Random(413);
        for (int round = 0; round < 20_000; round++) {
            byte[] seed = round % 2 == 0
                    ? requests().get(random.nextInt(requests().size())).encode()
                    : replies().get(random.nextInt(replies().size())).encode();
            for (int change = 0; change < 3; change++) {
                seed[random.nextInt(seed.length)] = (byte) random.nextInt();
            }
            if (RegistryRequest.decode(seed) instanceof Decoded.Value<RegistryRequest>(RegistryRequest request)) {
                assertArrayEquals(seed, request.encode(), "one form only");
            }
            if (RegistryReply.decode(seed) instanceof Decoded.Value<RegistryReply>(RegistryReply reply)
                    && !(reply instanceof RegistryReply.Refused)) {
                assertArrayEquals(seed, reply.encode(), "one form only");
            }
        }
    }

    /// Goal: a stranger's words stay one line of plain characters.
    @Test
    void wordsAreHarmless() {
        byte[] bytes =
                new RegistryReply.Refused(RegistryReply.Problem.OTHER, "a\u001b[31mb\u00e4" + "x".repeat(300)).encode();
        Decoded<RegistryReply> read = RegistryReply.decode(bytes);
        assertInstanceOf(Decoded.Value.class, read);
        if (read instanceof Decoded.Value<RegistryReply>(RegistryReply.Refused refused)) {
            assertEquals("a?[31mb?", refused.text().substring(0, 8));
            assertEquals(RegistryReply.TEXT_CHARS_MAX, refused.text().length());
        }
    }
}
