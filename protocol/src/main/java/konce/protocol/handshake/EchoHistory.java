package konce.protocol.handshake;

import java.util.ArrayList;
import java.util.List;
import konce.protocol.Limits;
import konce.protocol.wire.ProcessTag;

/// What an attempt has sent under earlier cookies: since when, and to which processes of the server as they called
/// themselves. Any of them may have taken the first message.
///
/// - unit: nanoseconds of the endpoint's time
/// - invariant: at most [Limits#PROCESS_TAGS_MAX] tags
/// - source: docs/spec/03-handshake.md, sections 9 and 11
final class EchoHistory {
    private final List<ProcessTag> tags = new ArrayList<>();
    private long firstNanos = Long.MAX_VALUE;

    EchoHistory() {}

    // = docs/spec/03-handshake.md R3.14
    /// Whether the next COOKIE-ECHO may carry what an earlier one did: the server would still know it for a repeat,
    /// and
    /// every process that may have it can be named.
    boolean allowsRepeat(long nowNanos) {
        boolean isFirst = firstNanos == Long.MAX_VALUE;
        return isFirst || (nowNanos - firstNanos < Limits.ATTEMPT_NANOS_MAX && tags.size() < Limits.PROCESS_TAGS_MAX);
    }

    // = docs/spec/03-handshake.md R3.31
    /// The tags that a COOKIE-ECHO to the process of this one has to show.
    List<ProcessTag> beside(ProcessTag tag) {
        return tags.stream().filter(earlier -> !earlier.equals(tag)).toList();
    }

    /// Nothing of what was sent will be repeated.
    void forget() {
        tags.clear();
    }

    void onSent(long nowNanos, ProcessTag tag) {
        if (firstNanos == Long.MAX_VALUE) {
            firstNanos = nowNanos;
        }
        if (!tags.contains(tag)) {
            tags.add(tag);
        }
    }
}
