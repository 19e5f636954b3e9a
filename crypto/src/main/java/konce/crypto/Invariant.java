package konce.crypto;

/// A check that is always on, for what secrecy depends on. Its failure is our own mistake, never the peer's.
final class Invariant {
    private Invariant() {}

    static void check(boolean holds, String whatMustHold) {
        if (!holds) {
            throw new AssertionError("must hold: " + whatMustHold);
        }
    }
}
