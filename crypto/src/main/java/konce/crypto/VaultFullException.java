package konce.crypto;

/// The vault has no room for another secret. The vault never grows: its size is the limit on what peers can make us
/// keep, and whoever meets this refuses the work at hand.
public final class VaultFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    VaultFullException(long bytesMax, int secretsLive) {
        super("the vault of " + bytesMax + " bytes is full, with " + secretsLive + " secrets");
    }
}
