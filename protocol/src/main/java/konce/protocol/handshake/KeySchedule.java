package konce.protocol.handshake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import konce.crypto.Hasher;
import konce.crypto.Kdf;
import konce.crypto.PacketKey;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.Suite;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.wire.CookieEcho;
import org.jspecify.annotations.Nullable;

/// From four group products and the transcript to keys. Both sides walk it in the same order, each with its own halves
/// of the products.
///
/// The products stay side by side in the hash. Their sum, (a+b)(C+D), would be cheaper and is broken: a fake server
/// sends D' = eG − C and knows the sum without knowing c.
///
/// ```text
/// TD = H("TD" || packet before the solution || packet from B to the box || D)
/// T0 = H("T0" || TD || C)
/// K0 = KDF("K0", T0; bD, bC)                     with I behind bC in a private group; seals the box
/// T1 = H("T1" || T0 || sealed box || A or zeros)
/// K1 = KDF("K1", K0, T1; aD, aC)                 without aD, aC for an anonymous client; seals the early payload
/// T2 = H("T2" || T1 || sealed early payload || solution)
/// T3 = H("T3" || T2 || server random)
/// client = KDF("client", K1, T3)    server = KDF("server", K1, T3)    update = KDF("update", K1, T3)
/// change = KDF("change", TD; bD)                 seals a key-change notice: the two know different C
/// ```
///
/// Every label is preceded by `konce h1 ` or `konce h2 `, the handshake protocol; H hashes the label's length (8 bytes)
/// before it.
///
/// - threads: one; made and used within a job, handed to the loop with it
/// - source: docs/spec/03-handshake.md, section 2
final class KeySchedule implements AutoCloseable {
    private static final int HASH_BYTES = 32;
    private static final int SECRET_BYTES = 32;

    private final Vault vault;
    private final String prefix;
    private final boolean keyLog;
    private final Arena arena = Arena.ofAuto();
    private final MemorySegment transcript = arena.allocate(HASH_BYTES);
    private final MemorySegment withoutServer = arena.allocate(HASH_BYTES);
    private final MemorySegment scratch = arena.allocate(HASH_BYTES);
    private final Hasher hasher = new Hasher(HASH_BYTES);
    private final List<LoggedSecret> logged = new ArrayList<>();
    private @Nullable Secret chain;

    KeySchedule(Vault vault, long handshakeProtocol, boolean keyLog) {
        this.vault = vault;
        this.keyLog = keyLog;
        prefix = "konce h" + handshakeProtocol + " ";
    }

    /// The secrets derived so far, if they are to be logged.
    List<LoggedSecret> logged() {
        return List.copyOf(logged);
    }

    /// T0. The packet's solution field is left out: it is found later.
    KeySchedule begin(MemorySegment echo, int boxOffset, PublicKey transientServer, PublicKey server) {
        start("TD")
                .update(echo, 0, CookieEcho.SOLUTION)
                .update(echo, CookieEcho.TRANSIENT_KEY, boxOffset - CookieEcho.TRANSIENT_KEY);
        mix(transientServer);
        hasher.finish(withoutServer, 0);
        start("T0").update(withoutServer, 0, HASH_BYTES);
        mix(server);
        hasher.finish(transcript, 0);
        return this;
    }

    // = docs/spec/03-handshake.md R3.2
    // = docs/spec/17-private-groups.md R17.5
    /// K0 as the key of the box.
    ///
    /// @param invitation of a private group; null: none
    PacketKey boxKey(Secret transients, Secret clientTransientServer, @Nullable Secret invitation) {
        Secret[] inputs = invitation == null
                ? new Secret[] {transients, clientTransientServer}
                : new Secret[] {transients, clientTransientServer, invitation};
        chain = Kdf.derive(vault, prefix + "K0", SECRET_BYTES, null, transcript, inputs);
        log("BOX", chain);
        return PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, chain);
    }

    /// The key of a key-change notice, from the transients alone: whoever sends one does not have the key we asked
    /// for, nor knows which it was.
    PacketKey changeKey(Secret transients) {
        try (Secret secret = Kdf.derive(vault, prefix + "change", SECRET_BYTES, null, withoutServer, transients)) {
            log("CHANGE", secret);
            return PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, secret);
        }
    }

    /// T1's first part: the sealed box, before it is opened in place.
    KeySchedule sealedBox(MemorySegment echo, int boxOffset) {
        start("T1").update(transcript, 0, HASH_BYTES).update(echo, boxOffset, CookieEcho.BOX_BYTES);
        return this;
    }

    /// K1 of an identified client, as the key of the early payload.
    PacketKey earlyKey(PublicKey client, Secret clientTransient, Secret durables) {
        mix(client);
        hasher.finish(transcript, 0);
        return earlyKey(Kdf.derive(vault, prefix + "K1", SECRET_BYTES, chain, transcript, clientTransient, durables));
    }

    /// K1 of an anonymous client.
    PacketKey earlyKey() {
        scratch.fill((byte) 0);
        hasher.update(scratch, 0, HASH_BYTES).finish(transcript, 0);
        return earlyKey(Kdf.derive(vault, prefix + "K1", SECRET_BYTES, chain, transcript));
    }

    private PacketKey earlyKey(Secret k1) {
        replaceChain(k1);
        log("EARLY", k1);
        return PacketKey.derive(vault, Suite.XCHACHA20_POLY1305, k1);
    }

    /// T2's first part: the sealed early payload (before it is opened in place) and the solution.
    KeySchedule sealedEarly(MemorySegment echo, int earlyOffset, long earlyBytes) {
        start("T2")
                .update(transcript, 0, HASH_BYTES)
                .update(echo, earlyOffset, earlyBytes)
                .update(echo, CookieEcho.SOLUTION, CookieEcho.SOLUTION_BYTES)
                .finish(transcript, 0);
        return this;
    }

    // = docs/spec/03-handshake.md R3.8
    /// The keys of phase 0, for the server random in `source`.
    ///
    /// - error: may be asked again with another random: a forged COOKIE-ACK changes nothing
    SessionKeys sessionKeys(Suite suite, boolean client, MemorySegment source, long randomOffset, int randomBytes) {
        start("T3")
                .update(transcript, 0, HASH_BYTES)
                .update(source, randomOffset, randomBytes)
                .finish(scratch, 0);
        try (Secret fromClient = Kdf.derive(vault, prefix + "client", SECRET_BYTES, chain, scratch);
                Secret fromServer = Kdf.derive(vault, prefix + "server", SECRET_BYTES, chain, scratch)) {
            if (keyLog) {
                // only the last counts: a forged COOKIE-ACK makes secrets that nobody uses
                logged.removeIf(secret ->
                        secret.label().equals("CLIENT") || secret.label().equals("SERVER"));
            }
            log("CLIENT", fromClient);
            log("SERVER", fromServer);
            Secret presence = Kdf.derive(vault, prefix + "presence", SECRET_BYTES, chain, scratch);
            try {
                Secret update = Kdf.derive(vault, prefix + "update", SECRET_BYTES, chain, scratch);
                Function<Secret, PacketKey> key = traffic -> PacketKey.derive(vault, suite, traffic);
                return SessionKeys.of(client, fromClient, fromServer, update, presence, key, key);
            } catch (VaultFullException e) {
                presence.close();
                throw e;
            }
        }
    }

    private Hasher start(String label) {
        byte[] text = (prefix + label).getBytes(StandardCharsets.US_ASCII);
        try (Arena temporary = Arena.ofConfined()) {
            MemorySegment native_ = temporary.allocate(text.length);
            native_.copyFrom(MemorySegment.ofArray(text));
            return hasher.reset().updateLong(text.length).update(native_, 0, text.length);
        }
    }

    private void mix(PublicKey key) {
        key.writeTo(scratch, 0);
        hasher.update(scratch, 0, PublicKey.BYTES);
    }

    private void replaceChain(Secret next) {
        if (chain != null) {
            chain.close();
        }
        chain = next;
    }

    private void log(String label, Secret secret) {
        if (keyLog) {
            logged.add(LoggedSecret.of(label, secret));
        }
    }

    @Override
    public void close() {
        if (chain != null) {
            chain.close();
            chain = null;
        }
        hasher.close();
    }
}
