package konce.registry;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import konce.names.encoding.Decoded;
import konce.names.history.HistoryProof;
import konce.names.ledger.Block;
import konce.names.ledger.Name;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryReply.Problem;
import konce.names.registry.RegistryRequest;

/// Where requests are answered. Whatever comes, there is an answer.
///
/// - threads: any
/// - source: docs/spec/16-registry.md, sections 2 and 3
final class RegistryDesk {
    private static final Logger LOG = System.getLogger("konce.registry");

    private final Registry registry;
    private final Bindings bindings;
    private final Sequencer sequencer;
    private final Proofs proofs;

    RegistryDesk(Registry registry, Bindings bindings, Sequencer sequencer) {
        this.registry = registry;
        this.bindings = bindings;
        this.sequencer = sequencer;
        this.proofs = new Proofs(registry, bindings);
    }

    /// The answer to the bytes of a message.
    CompletableFuture<byte[]> answer(byte[] request) {
        CompletableFuture<RegistryReply> reply = switch (RegistryRequest.decode(request)) {
            case Decoded.Value<RegistryRequest>(RegistryRequest asked) -> answer(asked);
            case Decoded.Malformed<RegistryRequest>(String why) -> done(refused(Problem.MALFORMED, why));
        };
        return reply.thenApply(RegistryReply::encode);
    }

    /// The answer to a request.
    CompletableFuture<RegistryReply> answer(RegistryRequest request) {
        return switch (request) {
            case RegistryRequest.Submit(var transaction) -> registry.submit(transaction);
            case RegistryRequest.AskProposal(long signedBlocks) -> registry.proposal(signedBlocks);
            case RegistryRequest.Countersign(long height, var signature) ->
                done(registry.countersign(height, signature));
            case RegistryRequest.Publish(byte[] binding) -> done(bindings.publish(binding));
            case RegistryRequest.Resolve(var query) -> done(proofs.resolve(query));
            case RegistryRequest.Prove(var place) -> done(proofs.prove(place));
            case RegistryRequest.AskCheckpoint _ -> done(proofs.checkpoint());
            case RegistryRequest.AskGenesis _ ->
                done(new RegistryReply.OfGenesis(
                        registry.chain().ledger().genesis().encode()));
            case RegistryRequest.Consistency(long before, long count) -> done(consistency(before, count));
            case RegistryRequest.History(Name name, int skip) -> done(history(name, skip));
            case RegistryRequest.AskBlock(long height) -> done(block(height));
            case RegistryRequest.Search(String prefix, String after) -> done(search(prefix, after));
            case RegistryRequest.AskStatus _ -> done(status());
        };
    }

    private static CompletableFuture<RegistryReply> done(RegistryReply reply) {
        return CompletableFuture.completedFuture(reply);
    }

    private static RegistryReply refused(Problem problem, String text) {
        return new RegistryReply.Refused(problem, text);
    }

    private RegistryReply consistency(long before, long count) {
        HistoryProof proof = registry.chain().consistency(before, count);
        return proof == null
                ? refused(Problem.UNKNOWN, "there are not so many blocks")
                : new RegistryReply.Consistent(proof);
    }

    private RegistryReply block(long height) {
        try {
            byte[] block = registry.chain().block(height);
            return block == null
                    ? refused(Problem.UNKNOWN, "there is no block " + height)
                    : new RegistryReply.OfBlock(block);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "block " + height + " cannot be read", e);
            return refused(Problem.OTHER, "the block cannot be read");
        }
    }

    private RegistryReply history(Name name, int skip) {
        List<NameIndex.Place> places = registry.chain().index().history(name, skip, RegistryReply.HISTORY_MAX + 1);
        List<RegistryReply.Placed> placed = new ArrayList<>();
        try {
            for (NameIndex.Place place : places.subList(0, Math.min(places.size(), RegistryReply.HISTORY_MAX))) {
                byte[] bytes = registry.chain().block(place.height());
                if (bytes == null || !(Block.decode(bytes) instanceof Decoded.Value<Block>(Block block))) {
                    throw new IOException("block " + place.height() + " is not there");
                }
                placed.add(new RegistryReply.Placed(
                        place.height(),
                        block.header().timeSeconds(),
                        block.transactions().get(place.index())));
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "a history cannot be read", e);
            return refused(Problem.OTHER, "the history cannot be read");
        }
        return new RegistryReply.OfHistory(placed, places.size() > RegistryReply.HISTORY_MAX);
    }

    private RegistryReply search(String prefix, String after) {
        List<Name> found = registry.chain().index().search(prefix, after, RegistryReply.SEARCH_MAX + 1);
        boolean more = found.size() > RegistryReply.SEARCH_MAX;
        return new RegistryReply.Names(more ? found.subList(0, RegistryReply.SEARCH_MAX) : found, more);
    }

    private RegistryReply status() {
        Countersigning.Signed signed = registry.signed();
        Sequencer.Members members = sequencer.members();
        return new RegistryReply.Status(
                registry.followed(),
                signed == null ? -1 : signed.checkpoint().checkpoint().height(),
                registry.waiting(),
                registry.chain().index().size(),
                sequencer.leads(),
                registry.witnessTimes(),
                members.addresses(),
                members.leader());
    }
}
