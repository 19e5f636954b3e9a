/// The command.
@org.jspecify.annotations.NullMarked
module konce.cli {
  requires static org.jspecify;
  requires konce.crypto;
  requires konce.protocol;
  requires konce.names;
  requires konce.node;
  requires konce.simulator;
}
