package konce.protocol.endpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import konce.crypto.PublicKey;
import konce.protocol.Limits;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// By what we are known again: the tickets that servers have given us, the newest of each, until they are shown. And as
/// a
/// server, who is to be known no more.
///
/// - shape: at most [Limits#TICKETS_MAX]; the oldest goes
/// - source: docs/spec/03-handshake.md, section 13
final class Acquaintances {
    private final Map<ChannelTable.Route, Ticket> tickets = new LinkedHashMap<>();
    private Consumer<PublicKey> offences = _ -> {};

    /// Keeps what a server gave for the next time.
    ///
    /// @param route to the server; null: we are it
    /// @param ticket null: nothing
    void keep(ChannelTable.@Nullable Route route, @Nullable Ticket ticket) {
        if (route == null) {
            return;
        }
        tickets.remove(route);
        if (ticket != null && route.identity() != null) {
            if (tickets.size() >= Limits.TICKETS_MAX) {
                tickets.remove(tickets.keySet().iterator().next());
            }
            tickets.put(route, ticket);
        }
    }

    // = docs/spec/03-handshake.md R3.53
    /// Takes the ticket for a server: it is shown once.
    @Nullable
    Ticket take(ChannelTable.Route route) {
        return tickets.remove(route);
    }

    /// Whom to tell of clients that broke a rule.
    void onOffence(Consumer<PublicKey> listener) {
        offences = listener;
    }

    /// A client has broken a rule.
    ///
    /// @param client null: it was anonymous, or a server
    void offended(@Nullable PublicKey client) {
        if (client != null) {
            offences.accept(client);
        }
    }
}
