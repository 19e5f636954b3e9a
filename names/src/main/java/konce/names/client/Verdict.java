package konce.names.client;

import java.util.List;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.encoding.Key;
import konce.names.ledger.NameRecord;
import konce.names.ledger.RoleRecord;
import org.jspecify.annotations.Nullable;

/// What a client makes of an answer.
///
/// @param client the client to go on with; its record must be stored before `outcome` is used
/// @param checks what was looked at, in order; the last is the one that did not pass, if one did not
public record Verdict(LightClient client, Outcome outcome, List<Check.Made> checks) {
    public Verdict {
        checks = List.copyOf(checks);
    }

    /// What was found.
    public sealed interface Outcome {}

    /// A server to talk to.
    ///
    /// @param freshUntilSeconds how long the answer may be used again, in seconds of Unix time: until the
    /// checkpoint
    /// is stale, the rent ends, or the binding does
    public record Resolved(Facts facts, ServerBinding binding, long freshUntilSeconds) implements Outcome {}

    /// Nothing to use.
    ///
    /// @param detail what exactly, in words
    /// @param evidence two contradictory checkpoints, signed; null when there are none
    public record Refused(
            Reason reason, String detail, @Nullable Equivocation evidence) implements Outcome {}

    /// What the ledger says.
    ///
    /// @param checkpoint as of which
    /// @param signedSeconds since when a quorum has signed that, in seconds of Unix time
    /// @param name the name's record; what waits with it is worth a warning
    /// @param role the role's; null where a name was asked for
    public record Facts(
            Checkpoint checkpoint,
            long signedSeconds,
            NameRecord name,
            @Nullable RoleRecord role) {
        /// Whose signature counts: the role's key, or the name's master key.
        public Key key() {
            Key held = role == null ? null : role.key();
            return held == null ? name.master() : held;
        }
    }
}
