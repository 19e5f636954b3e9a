/// Addresses, petnames and resolvers: sans-IO too.
@org.jspecify.annotations.NullMarked
module konce.names {
    requires static org.jspecify;
    requires transitive konce.crypto;
    requires transitive konce.protocol;

    exports konce.names;
}
