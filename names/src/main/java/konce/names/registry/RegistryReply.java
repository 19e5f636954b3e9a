package konce.names.registry;

import java.util.List;
import konce.names.checkpoint.ProposedCheckpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;
import konce.names.history.HistoryProof;
import konce.names.ledger.Block;
import konce.names.ledger.Entry;
import konce.names.ledger.Name;
import konce.names.ledger.Rule;
import konce.names.ledger.SignedTransaction;
import konce.names.trie.TrieProof;
import org.jspecify.annotations.Nullable;

/// What a registry answers.
///
/// - shape: version 1, a byte of kind, then the fields
/// - source: docs/spec/16-registry.md, section 3
public sealed interface RegistryReply {
    /// The longest encoding: of a block.
    int BYTES_MAX = 6 + Block.BYTES_MAX;

    /// Transactions in one page of a history.
    int HISTORY_MAX = 64;

    /// Names in one page of a search.
    int SEARCH_MAX = 256;

    /// Characters of the longest line for a person.
    int TEXT_CHARS_MAX = 255;

    /// Nothing to give.
    ///
    /// @param text why, a line for a person
    record Refused(Problem problem, String text) implements RegistryReply {}

    /// A rule of the ledger that a transaction breaks.
    record Broken(Rule rule) implements RegistryReply {}

    /// Done, or kept.
    record Done() implements RegistryReply {}

    /// The transaction is in a block that is on disk.
    record Submitted(long height) implements RegistryReply {}

    /// What the ledger began with.
    @SuppressWarnings("ArrayRecordComponent") // a view of the message, or of the writer's own bytes
    record OfGenesis(byte[] genesis) implements RegistryReply {}

    /// What answers a query, as the light client takes it.
    @SuppressWarnings("ArrayRecordComponent") // a view of the message, or of the writer's own bytes
    record Resolved(byte[] answer) implements RegistryReply {}

    /// What is at a place of the state, or that nothing is; and what shows it.
    @SuppressWarnings("ArrayRecordComponent") // a view of the message, or of the writer's own bytes
    record Proven(SignedCheckpoint checkpoint, byte @Nullable [] entry, TrieProof path) implements RegistryReply {}

    /// A signed checkpoint.
    record OfCheckpoint(SignedCheckpoint checkpoint) implements RegistryReply {}

    /// What shows that one history begins with another.
    record Consistent(HistoryProof proof) implements RegistryReply {}

    /// Transactions about a name, the newest first.
    ///
    /// @param more whether there are older ones
    record OfHistory(List<Placed> transactions, boolean more) implements RegistryReply {}

    /// A transaction and the block it is in.
    record Placed(long height, long timeSeconds, SignedTransaction transaction) {}

    /// A block.
    @SuppressWarnings("ArrayRecordComponent") // a view of the message, or of the writer's own bytes
    record OfBlock(byte[] block) implements RegistryReply {}

    /// Names, in their order.
    record Names(List<Name> names, boolean more) implements RegistryReply {}

    /// A checkpoint to be countersigned.
    ///
    /// @param proof that its history begins with what the witness said it had signed
    record Proposal(ProposedCheckpoint proposal, HistoryProof proof) implements RegistryReply {}

    /// How the registry is.
    ///
    /// @param height of the last block
    /// @param signedHeight of the newest checkpoint that a quorum has signed; -1: none
    /// @param waiting transactions
    /// @param names ever registered
    /// @param leads whether this machine orders
    /// @param witnesses when each of the set last signed, in seconds of Unix time; 0: not since the start
    /// @param members the machines that order together, in the order of the genesis' sequencers; empty: this one
    /// alone
    /// @param leader the place of the one that orders now; -1: none that this machine knows of
    record Status(
            long height,
            long signedHeight,
            int waiting,
            int names,
            boolean leads,
            List<Long> witnesses,
            List<String> members,
            int leader)
            implements RegistryReply {}

    /// Why there is nothing.
    enum Problem {
        /// Something that this version does not know.
        OTHER,
        /// The bytes are no request.
        MALFORMED,
        /// There is no such thing.
        UNKNOWN,
        /// No quorum of witnesses has signed anything yet.
        NOT_SIGNED_YET,
        /// A limit of the registry's own.
        BUSY,
        /// The fee is too low for how much is waiting.
        FEE_TOO_LOW,
        /// The registry does not take this.
        NOT_TAKEN,
        /// It is not known what became of it.
        UNDECIDED
    }

    /// The encoding.
    default byte[] encode() {
        ByteWriter out = new ByteWriter().u8(RegistryRequest.VERSION);
        switch (this) {
            case Refused(Problem problem, String text) ->
                out.u8(REFUSED).u8(problem.ordinal()).text8(shown(text));
            case Broken(Rule rule) -> out.u8(BROKEN).text8(rule.name());
            case Done _ -> out.u8(DONE);
            case Submitted(long height) -> out.u8(SUBMITTED).u63(height);
            case OfGenesis(byte[] genesis) ->
                out.u8(GENESIS).u31(genesis.length).raw(genesis);
            case Resolved(byte[] answer) -> out.u8(RESOLVED).u31(answer.length).raw(answer);
            case Proven(SignedCheckpoint checkpoint, byte[] entry, TrieProof path) -> {
                checkpoint.write(out.u8(PROVEN));
                if (entry == null) {
                    out.u8(0);
                } else {
                    out.u8(1).raw16(entry);
                }
                path.write(out);
            }
            case OfCheckpoint(SignedCheckpoint checkpoint) -> checkpoint.write(out.u8(CHECKPOINT));
            case Consistent(HistoryProof proof) -> proof.write(out.u8(CONSISTENT));
            case OfHistory(List<Placed> transactions, boolean more) ->
                out.u8(HISTORY).u8(more ? 1 : 0).list16(transactions, (each, to) -> {
                    to.u63(each.height).u63(each.timeSeconds);
                    each.transaction.write(to);
                });
            case OfBlock(byte[] block) -> out.u8(BLOCK).u31(block.length).raw(block);
            case Names(List<Name> names, boolean more) ->
                out.u8(NAMES).u8(more ? 1 : 0).list16(names, Name::write);
            case Proposal(ProposedCheckpoint proposal, HistoryProof proof) -> {
                proposal.write(out.u8(PROPOSAL));
                proof.write(out);
            }
            case Status status -> {
                out.u8(STATUS).u63(status.height).u63(status.signedHeight + 1);
                out.u31(status.waiting).u31(status.names).u8(status.leads ? 1 : 0);
                out.list16(status.witnesses, (time, to) -> to.u63(time));
                out.list16(status.members, (member, to) -> to.text8(member)).u8(status.leader + 1);
            }
        }
        return out.toBytes();
    }

    /// The reply that is the whole of `bytes`.
    static Decoded<RegistryReply> decode(byte[] bytes) {
        // = docs/spec/16-registry.md R16.1
        return Decoded.of(bytes, BYTES_MAX, RegistryReply::read);
    }

    private static RegistryReply read(ByteReader in) throws MalformedException {
        in.u8(RegistryRequest.VERSION, RegistryRequest.VERSION, "version");
        return switch (in.u8(REFUSED, CHECKPOINT, "kind of reply")) {
            // = docs/spec/16-registry.md R16.1
            case REFUSED -> new Refused(Problem.values()[in.u8(0, Problem.values().length - 1, "problem")], in.text8());
            case BROKEN -> new Broken(rule(in));
            case DONE -> new Done();
            case SUBMITTED -> new Submitted(in.u63());
            case GENESIS -> new OfGenesis(in.raw(in.u31()));
            case RESOLVED -> new Resolved(in.raw(in.u31()));
            case PROVEN ->
                new Proven(
                        SignedCheckpoint.read(in),
                        in.u8(0, 1, "flag") == 1 ? in.raw16(Entry.BYTES_MAX, "entry") : null,
                        TrieProof.read(in));
            case CONSISTENT -> new Consistent(HistoryProof.read(in));
            case HISTORY -> history(in);
            case BLOCK -> new OfBlock(in.raw(in.u31()));
            case NAMES -> names(in);
            case PROPOSAL -> new Proposal(ProposedCheckpoint.read(in), HistoryProof.read(in));
            case STATUS -> status(in);
            default -> new OfCheckpoint(SignedCheckpoint.read(in));
        };
    }

    private static Rule rule(ByteReader in) throws MalformedException {
        String name = in.text8();
        for (Rule rule : Rule.values()) {
            if (rule.name().equals(name)) {
                return rule;
            }
        }
        throw new MalformedException("a rule that this version does not know");
    }

    private static RegistryReply history(ByteReader in) throws MalformedException {
        boolean more = in.u8(0, 1, "flag") == 1;
        return new OfHistory(
                in.list16(
                        HISTORY_MAX,
                        "transactions",
                        each -> new Placed(each.u63(), each.u63(), SignedTransaction.read(each))),
                more);
    }

    private static RegistryReply names(ByteReader in) throws MalformedException {
        boolean more = in.u8(0, 1, "flag") == 1;
        return new Names(in.list16(SEARCH_MAX, "names", Name::read), more);
    }

    private static RegistryReply status(ByteReader in) throws MalformedException {
        return new Status(
                in.u63(),
                in.u63() - 1,
                in.u31(),
                in.u31(),
                in.u8(0, 1, "flag") == 1,
                in.list16(WitnessSet.WITNESSES_MAX, "witnesses", ByteReader::u63),
                in.list16(WitnessSet.SEQUENCERS_MAX, "members", ByteReader::text8),
                in.u8(0, WitnessSet.SEQUENCERS_MAX, "leader") - 1);
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(TEXT_CHARS_MAX, text.length()); i++) {
            char c = text.charAt(i);
            shown.append(c >= 0x20 && c < 0x7F ? c : '?');
        }
        return shown.toString();
    }

    /// The kinds, in the second byte.
    int REFUSED = 1;

    int BROKEN = 2;

    int DONE = 3;

    int SUBMITTED = 4;

    int GENESIS = 5;

    int RESOLVED = 6;

    int CONSISTENT = 7;

    int HISTORY = 8;

    int BLOCK = 9;

    int NAMES = 10;

    int PROPOSAL = 11;

    int STATUS = 12;

    int PROVEN = 13;

    int CHECKPOINT = 14;
}
