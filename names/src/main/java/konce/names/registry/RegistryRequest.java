package konce.names.registry;

import konce.names.checkpoint.WitnessSignature;
import konce.names.client.Query;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Name;
import konce.names.ledger.SignedTransaction;

/// What is asked of a registry: one message to the well-known handler [#HANDLER].
///
/// - shape: version 1, a byte of kind, then the fields
/// - source: docs/spec/16-registry.md, section 2
public sealed interface RegistryRequest {
    /// The well-known handler's number.
    int HANDLER = 5;

    /// The longest encoding: of a binding that is published, or of a question with the asker's newest checkpoint.
    int BYTES_MAX = 4_096;

    /// Characters of the longest beginning of a name that is searched for.
    int SEARCH_CHARS_MAX = Name.CHARS_MAX;

    /// What the ledger began with.
    record AskGenesis() implements RegistryRequest {}

    /// What a name or a role stands for, with everything it takes to check that.
    record Resolve(Query query) implements RegistryRequest {}

    /// What is at a place of the state: an account, say.
    record Prove(Hash place) implements RegistryRequest {}

    /// The newest signed checkpoint.
    record AskCheckpoint() implements RegistryRequest {}

    /// What shows that the first `count` blocks begin with the first `before`.
    record Consistency(long before, long count) implements RegistryRequest {}

    /// The transactions about a name, the newest first.
    ///
    /// @param skip how many of the newest the asker has already
    record History(Name name, int skip) implements RegistryRequest {}

    /// A block.
    record AskBlock(long height) implements RegistryRequest {}

    /// Names that begin with a text, in their order.
    ///
    /// @param after the last that the asker has already; empty: none
    record Search(String prefix, String after) implements RegistryRequest {}

    /// Takes a transaction in; answered once it is in a block.
    record Submit(SignedTransaction transaction) implements RegistryRequest {}

    /// Keeps a server binding, to be handed out.
    @SuppressWarnings("ArrayRecordComponent") // a view of the message, or of the writer's own bytes
    record Publish(byte[] binding) implements RegistryRequest {}

    /// A checkpoint to be countersigned; answered at once when there is a newer one than the asker has seen, else
    /// after
    /// a while.
    ///
    /// @param signedBlocks blocks of the last checkpoint the witness signed; 0: none
    record AskProposal(long signedBlocks) implements RegistryRequest {}

    /// A witness's signature.
    record Countersign(long height, WitnessSignature signature) implements RegistryRequest {}

    /// How the registry is: for people, and for nothing that matters.
    record AskStatus() implements RegistryRequest {}

    /// The encoding.
    default byte[] encode() {
        ByteWriter out = new ByteWriter().u8(VERSION);
        switch (this) {
            case AskGenesis _ -> out.u8(GENESIS);
            case Resolve(Query query) -> out.u8(RESOLVE).raw16(query.encode());
            case Prove(Hash place) -> out.u8(PROVE).hash(place);
            case AskCheckpoint _ -> out.u8(CHECKPOINT);
            case Consistency(long before, long count) ->
                out.u8(CONSISTENCY).u63(before).u63(count);
            case History(Name name, int skip) -> {
                name.write(out.u8(HISTORY));
                out.u31(skip);
            }
            case AskBlock(long height) -> out.u8(BLOCK).u63(height);
            case Search(String prefix, String after) ->
                out.u8(SEARCH).text8(prefix).text8(after);
            case Submit(SignedTransaction transaction) -> transaction.write(out.u8(SUBMIT));
            case Publish(byte[] binding) -> out.u8(PUBLISH).raw16(binding);
            case AskProposal(long signedBlocks) -> out.u8(PROPOSAL).u63(signedBlocks);
            case Countersign(long height, WitnessSignature signature) ->
                signature.write(out.u8(COUNTERSIGN).u63(height));
            case AskStatus _ -> out.u8(STATUS);
        }
        return out.toBytes();
    }

    /// The request that is the whole of `bytes`.
    static Decoded<RegistryRequest> decode(byte[] bytes) {
        // = docs/spec/16-registry.md R16.1
        return Decoded.of(bytes, BYTES_MAX, RegistryRequest::read);
    }

    private static RegistryRequest read(ByteReader in) throws MalformedException {
        in.u8(VERSION, VERSION, "version");
        return switch (in.u8(GENESIS, STATUS, "kind of request")) {
            case GENESIS -> new AskGenesis();
            case RESOLVE -> new Resolve(query(in));
            case PROVE -> new Prove(in.hash());
            case CHECKPOINT -> new AskCheckpoint();
            case CONSISTENCY -> new Consistency(in.u63(), in.u63());
            case HISTORY -> new History(Name.read(in), in.u31());
            case BLOCK -> new AskBlock(in.u63());
            case SEARCH -> new Search(searchText(in), searchText(in));
            case SUBMIT -> new Submit(SignedTransaction.read(in));
            case PUBLISH -> new Publish(in.raw16(BYTES_MAX, "binding"));
            case PROPOSAL -> new AskProposal(in.u63());
            case COUNTERSIGN -> new Countersign(in.u63(), WitnessSignature.read(in));
            default -> new AskStatus();
        };
    }

    private static Query query(ByteReader in) throws MalformedException {
        return switch (Query.decode(in.raw16(Query.BYTES_MAX, "query"))) {
            case Decoded.Value<Query>(Query query) -> query;
            case Decoded.Malformed<Query>(String why) -> throw new MalformedException(why);
        };
    }

    private static String searchText(ByteReader in) throws MalformedException {
        String text = in.text8();
        in.check(text.length() <= SEARCH_CHARS_MAX, "a text longer than any name");
        return text;
    }

    /// The version, the first byte of each request and reply.
    int VERSION = 1;

    /// The kinds, in the second byte.
    int GENESIS = 1;

    int RESOLVE = 2;

    int PROVE = 3;

    int CHECKPOINT = 4;

    int CONSISTENCY = 5;

    int HISTORY = 6;

    int BLOCK = 7;

    int SEARCH = 8;

    int SUBMIT = 9;

    int PUBLISH = 10;

    int PROPOSAL = 11;

    int COUNTERSIGN = 12;

    int STATUS = 13;
}
