/// What a node does, for tools that look at it from outside: qlog files, Java Flight Recorder's events.
///
/// - Enter by: [QlogFolder], [Flight]
/// - May import: `konce.protocol`, its dissector, `konce.node.store`, `jdk.jfr`.
/// - Invariant: nothing here blocks the loop, and nothing grows: what cannot be written is left out, and counted.
@org.jspecify.annotations.NullMarked
package konce.node.observe;
