package konce.protocol;

/// The steps of a handshake that a trace shows, in order.
public enum HandshakeStep {
    INIT_SENT,
    INIT_ACK_RECEIVED,
    KEYS_AGREED,
    PUZZLE_SOLVED,
    COOKIE_ECHO_SENT,
    COOKIE_ACK_RECEIVED
}
