package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import konce.crypto.KeyEncapsulation;
import konce.crypto.Secret;

/// One step of a channel's post-quantum exchange.
final class EncapsulationJob implements Job, AutoCloseable {
    /// Which.
    enum Step {
        /// A client's key, from its seed.
        MAKE_KEY,
        /// A server's ciphertext and secret.
        ENCAPSULATE,
        /// A client's secret, out of the ciphertext.
        DECAPSULATE
    }

    private final long channel;
    private final Step step;
    private final Secret seed;
    private final MemorySegment publicKey;
    private final MemorySegment ciphertext;
    private final Secret result;
    private boolean failed;

    /// @param channel whose exchange it is for
    /// @param seed of the key, or of the encapsulation
    /// @param result the secret, where the step makes one
    EncapsulationJob(
            long channel, Step step, Secret seed, MemorySegment publicKey, MemorySegment ciphertext, Secret result) {
        this.channel = channel;
        this.step = step;
        this.seed = seed;
        this.publicKey = publicKey;
        this.ciphertext = ciphertext;
        this.result = result;
    }

    long channel() {
        return channel;
    }

    Step step() {
        return step;
    }

    MemorySegment ciphertext() {
        return ciphertext;
    }

    Secret result() {
        return result;
    }

    /// Whether the peer's bytes were no public key.
    boolean failed() {
        return failed;
    }

    @Override
    public Kind kind() {
        return step == Step.ENCAPSULATE ? Kind.SERVER_ENCAPSULATION : Kind.CLIENT_ENCAPSULATION;
    }

    @Override
    public void run() {
        switch (step) {
            case MAKE_KEY -> KeyEncapsulation.publicKey(seed, publicKey, 0);
            case ENCAPSULATE -> failed = !KeyEncapsulation.encapsulate(publicKey, seed, ciphertext, result);
            case DECAPSULATE -> KeyEncapsulation.decapsulate(seed, ciphertext, result);
        }
    }

    /// Wipes its secrets: the channel it was for has gone.
    @Override
    public void close() {
        seed.close();
        result.close();
    }
}
