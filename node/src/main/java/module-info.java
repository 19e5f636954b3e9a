/// Where sockets, clocks, threads and disks begin: the API applications use.
@org.jspecify.annotations.NullMarked
module konce.node {
  requires static org.jspecify;
  requires transitive konce.crypto;
  requires transitive konce.protocol;
  requires transitive konce.names;
  exports konce.node;
}
