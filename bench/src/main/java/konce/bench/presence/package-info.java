/// A million peers at rest on one server, and messages to any of them.
///
/// - Enter by: [PresencesCommand]
/// - May import: `konce.node` and below, `konce.bench.process`, `.report`
@org.jspecify.annotations.NullMarked
package konce.bench.presence;
