package konce.protocol;

import konce.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// What an endpoint needs to be a server.
///
/// @param key its durable key C; not closed by the endpoint
/// @param identityRequired whether anonymous clients are refused
/// @param effort the work asked of everybody, in expected hashes; 0: none
/// @param keyChange shown, inside encryption, to clients that ask for a key this server no longer has; null: silence
public record ServerConfig(
        SecretKey key,
        boolean identityRequired,
        long effort,
        @Nullable KeyChangeNotice keyChange) {
    public ServerConfig {
        if (effort < 0 || effort > Limits.EFFORT_MAX) {
            throw new IllegalArgumentException("effort " + effort + " is not in 0.." + Limits.EFFORT_MAX);
        }
    }
}
