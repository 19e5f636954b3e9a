package konce.protocol;

import java.util.List;
import konce.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// What an endpoint needs to be a server.
///
/// @param key its durable key C; not closed by the endpoint
/// @param identityRequired whether anonymous clients are refused
/// @param load the work asked of clients, and how much is taken on at a time
/// @param keyChange shown, inside encryption, to clients that ask for a key this server no longer has; null: silence
/// @param groups the private groups it is the gate of from the start
/// @param membersOnly whether it serves those groups alone, and is silent to whoever asks for its own key
public record ServerConfig(
        SecretKey key,
        boolean identityRequired,
        ServerLoad load,
        @Nullable KeyChangeNotice keyChange,
        List<PrivateGroup> groups,
        boolean membersOnly) {
    public ServerConfig {
        groups = List.copyOf(groups);
    }

    /// One without private groups.
    public ServerConfig(SecretKey key, boolean identityRequired, ServerLoad load, @Nullable KeyChangeNotice keyChange) {
        this(key, identityRequired, load, keyChange, List.of(), false);
    }

    /// The same as the gate of private groups.
    public ServerConfig withGroups(List<PrivateGroup> newGroups) {
        return withGroups(newGroups, false);
    }

    /// The same as the gate of private groups, and of nothing else where it is for members only.
    public ServerConfig withGroups(List<PrivateGroup> newGroups, boolean newMembersOnly) {
        return new ServerConfig(key, identityRequired, load, keyChange, newGroups, newMembersOnly);
    }

    /// One that asks the same of everybody.
    ///
    /// @param effort in expected hashes; 0: none
    public ServerConfig(SecretKey key, boolean identityRequired, long effort, @Nullable KeyChangeNotice keyChange) {
        this(key, identityRequired, ServerLoad.fixed(effort), keyChange);
    }
}
