package konce.protocol.handshake;

import konce.crypto.PublicKey;
import konce.crypto.RandomSource;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.crypto.VaultFullException;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// The server's transient keys D: the one in use and the one before, whose cookies may still come in. Numbered by a
/// windowed id of one byte.
///
/// - unit: nanoseconds of the endpoint's time
/// - source: docs/spec/03-handshake.md, section 6
final class TransientKeys implements AutoCloseable {
    private static final int ID_MASK = 0x7F;
    private static final long RETRY_NANOS = 1_000_000_000L;

    /// A key in use. Agreements under way keep it from being wiped.
    static final class Key {
        private final SecretKey secret;
        private final int id;
        private int users = 1;

        private Key(SecretKey secret, int id) {
            this.secret = secret;
            this.id = id;
        }

        SecretKey secret() {
            return secret;
        }

        PublicKey publicKey() {
            return secret.publicKey();
        }

        int id() {
            return id;
        }

        Key acquire() {
            users++;
            return this;
        }

        void release() {
            if (--users == 0) {
                secret.close();
            }
        }
    }

    private final Vault vault;
    private final RandomSource random;
    private final SecretKey durable;
    private Key current;
    private @Nullable Key previous;
    private long renewNanos;

    TransientKeys(Vault vault, RandomSource random, SecretKey durable, long nowNanos) {
        this.vault = vault;
        this.random = random;
        this.durable = durable;
        current = make((int) random.nextLong(ID_MASK + 1));
        renewNanos = nowNanos + Limits.TRANSIENT_KEY_NANOS;
    }

    Key current() {
        return current;
    }

    /// The key with this id; null when it is held no more.
    @Nullable
    Key find(int id) {
        if (id == current.id) {
            return current;
        }
        return previous != null && id == previous.id ? previous : null;
    }

    long renewNanos() {
        return renewNanos;
    }

    // = docs/spec/03-handshake.md R3.9
    /// Makes a new key when the one in use is old.
    void renew(long nowNanos) {
        if (nowNanos - renewNanos < 0) {
            return;
        }
        renewNanos = nowNanos + Limits.TRANSIENT_KEY_NANOS;
        Key next;
        try {
            next = make((current.id + 1) & ID_MASK);
        } catch (VaultFullException e) {
            // an old key is better than none
            renewNanos = nowNanos + RETRY_NANOS;
            return;
        }
        if (previous != null) {
            previous.release();
        }
        previous = current;
        current = next;
    }

    private Key make(int id) {
        return new Key(SecretKey.hedged(vault, random, durable, "konce transient D"), id);
    }

    @Override
    public void close() {
        current.release();
        if (previous != null) {
            previous.release();
        }
    }
}
