package konce.protocol.handshake;

/// The handshake protocols of the first release: 1 is the four products, 2 the same under another label, so that
/// negotiation is exercised and not theoretical.
///
/// - source: docs/spec/03-handshake.md, section 3
public final class HandshakeProtocol {
    public static final long FOUR_PRODUCTS = 1;
    public static final long FOUR_PRODUCTS_RELABELLED = 2;

    private HandshakeProtocol() {}

    public static boolean isKnown(long number) {
        return number == FOUR_PRODUCTS || number == FOUR_PRODUCTS_RELABELLED;
    }
}
