package konce.names;

/// Turns what a person wrote into a peer.
///
/// - source: docs/spec/09-names.md, section 4
public interface Resolver {
    /// What this text stands for. Never throws for a text, however odd.
    Resolution resolve(String text);
}
