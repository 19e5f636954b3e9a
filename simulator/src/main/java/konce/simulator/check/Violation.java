package konce.simulator.check;

/// A rule that was broken.
///
/// @param rule which
/// @param atNanos when, in virtual time
/// @param detail who did what, for a person
public record Violation(Rule rule, long atNanos, String detail) {
    @Override
    public String toString() {
        return rule + " at " + atNanos / 1_000 + " us: " + detail;
    }
}
