package konce.protocol;

/// In which order a server checks a COOKIE-ECHO whose sequence number is recent. All checks are made whatever the
/// order;
/// what differs is the cost of refusing each kind of attack, which `./konce bench micro RefusalBenchmark` measures.
///
/// - source: docs/decisions/authenticator-before-work.md
public enum CheckOrder {
    /// The table of accepted cookies, the revealed bits, the authenticator, the work. The default.
    AUTHENTICATOR_FIRST,
    /// The table of accepted cookies, the revealed bits, the work, the authenticator.
    WORK_FIRST,
    /// The revealed bits, the authenticator, the work, the table of accepted cookies.
    TABLE_LAST
}
