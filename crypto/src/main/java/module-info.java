/// Keys, boxes, hashes: libsodium through the foreign-function API, beside it the system's OpenSSL for long packets.
/// The
/// only native calls of ours in the building.
@org.jspecify.annotations.NullMarked
module konce.crypto {
    requires static transitive org.jspecify;

    exports konce.crypto;
}
