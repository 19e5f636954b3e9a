/// The wind tunnel: virtual time, one seed, networks, attackers, checkers.
@org.jspecify.annotations.NullMarked
module konce.simulator {
    requires static org.jspecify;
    requires transitive konce.crypto;
    requires transitive konce.protocol;
    requires konce.names;

    exports konce.simulator;
    exports konce.simulator.check;
    exports konce.simulator.clock;
    exports konce.simulator.measure;
    exports konce.simulator.network;
    exports konce.simulator.plan;
}
