/// Benchmarks: Konce and its peers in one run.
@org.jspecify.annotations.NullMarked
module konce.bench {
    requires static org.jspecify;
    requires java.management;
    requires jdk.management;
    requires jmh.core;
    requires konce.crypto;
    requires konce.protocol;
    requires konce.node;
}
