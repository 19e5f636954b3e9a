package konce.protocol.handshake;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Function;
import konce.crypto.Kdf;
import konce.crypto.PacketKey;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import org.jspecify.annotations.Nullable;

/// The keys of a channel in one key phase, one for each direction, and the secret that the next phase comes from.
///
/// - source: docs/spec/04-protection.md, sections 2 and 6
///
/// @param client whether they are the client's
/// @param send seals what we send
/// @param receive opens what the peer sends
/// @param update what [#next] starts from
/// @param presence what the two keep when the channel is gone (chapter 8); null in later phases
public record SessionKeys(
        boolean client,
        PacketKey send,
        PacketKey receive,
        Secret update,
        @Nullable Secret presence) implements AutoCloseable {
    private static final int SECRET_BYTES = 32;

    /// Takes `update`, also when it fails, and `presence`, unless it fails.
    static SessionKeys of(
            boolean client,
            Secret fromClient,
            Secret fromServer,
            Secret update,
            @Nullable Secret presence,
            Function<Secret, PacketKey> sending,
            Function<Secret, PacketKey> receiving) {
        PacketKey send = null;
        try {
            send = sending.apply(client ? fromClient : fromServer);
            return new SessionKeys(client, send, receiving.apply(client ? fromServer : fromClient), update, presence);
        } catch (VaultFullException e) {
            if (send != null) {
                send.close();
            }
            update.close();
            throw e;
        }
    }

    // = docs/spec/04-protection.md R4.11
    /// The keys of the phase after this one. What they come from is wiped: nobody computes them from these again,
    /// nor
    /// these from them.
    ///
    /// @param transcript what else they are bound to; empty for nothing
    /// @param log hears of the new traffic secrets; null: nobody does
    /// @param mixed further secrets that enter
    /// @throws VaultFullException and then nothing has changed
    public SessionKeys next(
            Vault vault, MemorySegment transcript, @Nullable Consumer<LoggedSecret> log, Secret... mixed) {
        try (Secret fromClient = derive(vault, "client", transcript, mixed);
                Secret fromServer = derive(vault, "server", transcript, mixed)) {
            Secret after = derive(vault, "update", transcript, mixed);
            SessionKeys next = of(
                    client,
                    fromClient,
                    fromServer,
                    after,
                    null,
                    traffic -> send.next(vault, traffic),
                    traffic -> receive.next(vault, traffic));
            update.close();
            if (log != null) {
                log.accept(LoggedSecret.of("CLIENT_UPDATED", fromClient));
                log.accept(LoggedSecret.of("SERVER_UPDATED", fromServer));
            }
            return next;
        }
    }

    private Secret derive(Vault vault, String label, MemorySegment transcript, Secret... mixed) {
        return Kdf.derive(vault, "konce phase " + label, SECRET_BYTES, update, transcript, mixed);
    }

    /// Wipes all but the key that opens packets under way.
    ///
    /// @return that key
    public PacketKey retire() {
        send.close();
        update.close();
        if (presence != null) {
            presence.close();
        }
        return receive;
    }

    @Override
    public void close() {
        retire().close();
    }
}
