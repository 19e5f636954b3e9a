/// The sans-IO core: no socket, no clock, no thread, no lock, no randomness of its own.
@org.jspecify.annotations.NullMarked
module konce.protocol {
    requires static org.jspecify;
    requires transitive konce.crypto;

    exports konce.protocol;
    exports konce.protocol.dissect;
    exports konce.protocol.endpoint;
}
