package konce.simulator.check;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// A server does group operations, and makes channels, at most once for each cookie that a client echoed. Copies and
/// forgeries cost it neither.
public final class WorkChecker {
    /// Where a COOKIE-ECHO says which cookie it is: sequence number, revealed bits and authenticator.
    private static final int COOKIE_FROM = 38;

    private static final int COOKIE_TO = 66;

    private final Findings findings;
    private final Set<String> cookies = new HashSet<>();

    public WorkChecker(Findings findings) {
        this.findings = findings;
    }

    /// A client sent a COOKIE-ECHO.
    public void echoed(byte[] cookieEcho) {
        cookies.add(Arrays.toString(Arrays.copyOfRange(cookieEcho, COOKIE_FROM, COOKIE_TO)));
    }

    /// What the server has done by now.
    public void check(long agreements, long channels) {
        findings.require(
                agreements <= cookies.size(),
                Rule.WORK,
                "the server made " + agreements + " agreements for " + cookies.size() + " cookies echoed");
        findings.require(
                channels <= cookies.size(),
                Rule.MEMORY,
                "the server made " + channels + " channels for " + cookies.size() + " cookies echoed");
    }
}
