package konce.protocol;

/// How a path finds out how much it may send.
///
/// - source: docs/spec/05-paths.md, section 3
public enum CongestionControl {
    /// A model of the pipe: its bandwidth, its round trip, and how sure both are. Random losses do not mislead it.
    PIPE,
    /// CUBIC: grows until something is lost.
    CUBIC
}
