/// The command.
@org.jspecify.annotations.NullMarked
module konce.cli {
    requires static org.jspecify;
    requires info.picocli;
    requires io.nayuki.qrcodegen;
    requires jdk.httpserver;
    requires konce.crypto;
    requires konce.protocol;
    requires konce.names;
    requires konce.metrics;
    requires konce.node;
    requires konce.registry;
    requires konce.simulator;

    opens konce.cli to
            info.picocli;
}
