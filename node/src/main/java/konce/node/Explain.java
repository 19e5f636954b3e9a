package konce.node;

import konce.protocol.CloseReason;
import konce.protocol.ConnectFailure;
import konce.protocol.Outcome;
import konce.protocol.Refusal;

/// Says in a line, to people, how something ended and what to do about it.
public final class Explain {
    private Explain() {}

    public static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Delivered _ -> "delivered: the peer has the whole message";
            case Outcome.Replied replied -> "replied with " + replied.payload().byteSize() + " bytes";
            case Outcome.CouldNotConnect could -> failure(could.why());
            case Outcome.ReplyTooLate late ->
                late.delivered()
                        ? "the peer has the message but did not reply in time: allow it more time, or ask whether its"
                                + " program hangs"
                        : "the message was not acknowledged in time: check that the peer is up and the network works,"
                                + " or allow more time";
            case Outcome.Refused refused -> refusal(refused.why());
            case Outcome.Cancelled _ -> "cancelled here: send it again if it is wanted after all";
            case Outcome.PeerGone gone ->
                close(gone.why()) + "; the peer may have got the message: send it again if" + " twice does no harm";
            case Outcome.NotSent notSent -> "not sent: " + notSent.why() + ": try again later";
        };
    }

    public static String failure(ConnectFailure why) {
        return switch (why) {
            case ConnectFailure.NoAnswer _ ->
                "nobody answered: check the address and port, that the server runs, and that no firewall drops UDP";
            case ConnectFailure.NotConfirmed _ ->
                "somebody answered at that address but could not prove the key: check that address and key belong"
                        + " together; the server may demand an identity, or someone may be in the way";
            case ConnectFailure.ServerRestarted _ ->
                "the server restarted while we connected, and may have got the message before: send it again if twice"
                        + " does no harm";
            case ConnectFailure.NoCommonProtocol none ->
                "no protocol in common, the server speaks " + none.offered() + ": update the older side";
            case ConnectFailure.NotInvited _ ->
                "a server answers there, but it does not know this invitation: it was withdrawn, or belongs to another"
                        + " server; ask for a new one";
            case ConnectFailure.EffortTooHigh effort ->
                "the server asks for " + effort.asked() + " hashes of work and we do at most " + effort.limit()
                        + ": try later, or allow more work";
            case ConnectFailure.KeyChanged changed ->
                changed.vouched()
                        ? "the server has a new key, " + changed.newKey()
                                + ", vouched for by its master key: store it and connect again"
                        : "the server shows another key, " + changed.newKey()
                                + ", and nobody you trust vouches for it: do not use it before its owner confirms it";
            case ConnectFailure.NoAddress _ -> "no network address is known for this peer: give one, as in KEY@IP:PORT";
            case ConnectFailure.Busy _ -> "too many handshakes at once here: try again when some have ended";
            case ConnectFailure.Refused refused ->
                "the server closed at once, code " + refused.code()
                        + (refused.text().isEmpty() ? "" : ", \"" + refused.text() + "\"") + ": ask whoever runs it";
        };
    }

    public static String close(CloseReason why) {
        return switch (why) {
            case CloseReason.Local _ -> "closed here: connect again when it is needed";
            case CloseReason.Remote remote ->
                remote.code() == 0
                        ? "closed by the peer" + quoted(remote.text()) + ": connect again when it is needed"
                        : "closed by the peer with code " + remote.code() + quoted(remote.text())
                                + ": it says that we broke a rule; report this with both versions";
            case CloseReason.Offence offence ->
                "closed because the peer broke a rule, " + offence.offence() + " (docs/spec/"
                        + offence.offence().section() + "): report this to whoever runs it";
            case CloseReason.Idle _ -> "closed because it was idle: connect again, or ask for a longer idle time";
            case CloseReason.PeerGone _ ->
                "the peer does not answer any more: check the network, and that it still runs";
            case CloseReason.KeysExhausted _ -> "its keys have done their share of packets: connect again";
        };
    }

    static String refusal(Refusal why) {
        return switch (why) {
            case NO_SUCH_HANDLER ->
                "refused: the peer has no such handler: check its number, and that the program that serves it runs";
            case TOO_LARGE -> "refused: the message is too large for that handler: send it in parts";
            case BUSY -> "refused: the peer is busy: try again later";
            case NOT_ALLOWED -> "refused: the peer does not allow this to us: ask its owner for access";
            case HANDLER_FAILED -> "refused: the handler at the peer failed: ask whoever runs it to look at its log";
            case OTHER -> "refused for a reason this version does not know: update it";
        };
    }

    private static String quoted(String text) {
        return text.isEmpty() ? "" : ", \"" + text + "\"";
    }
}
