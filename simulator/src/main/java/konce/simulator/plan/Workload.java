package konce.simulator.plan;

/// What the clients ask, and what the server makes of it.
///
/// @param messages how many each client sends
/// @param spreadNanos over what time they begin, evenly by chance
/// @param requestBytesMax the largest request; smaller ones are likelier, unless `sizesFixed`
/// @param replyBytesMax the largest reply, likewise
/// @param sizesFixed whether every message has the largest size
/// @param manners what may happen to a message
/// @param timing how long things may take
public record Workload(
        int messages,
        long spreadNanos,
        int requestBytesMax,
        int replyBytesMax,
        boolean sizesFixed,
        Manners manners,
        Timing timing) {

    public Workload {
        if (messages < 0 || spreadNanos < 0 || requestBytesMax < 0 || replyBytesMax < 0) {
            throw new IllegalArgumentException("a workload of " + messages + " messages of up to " + requestBytesMax
                    + " and " + replyBytesMax + " bytes over " + spreadNanos + " ns");
        }
    }

    public Workload withManners(Manners newManners) {
        return new Workload(messages, spreadNanos, requestBytesMax, replyBytesMax, sizesFixed, newManners, timing);
    }

    public Workload withTiming(Timing newTiming) {
        return new Workload(messages, spreadNanos, requestBytesMax, replyBytesMax, sizesFixed, manners, newTiming);
    }

    public Workload withMessages(int newMessages, long newSpreadNanos) {
        return new Workload(newMessages, newSpreadNanos, requestBytesMax, replyBytesMax, sizesFixed, manners, timing);
    }

    public Workload withSizes(int newRequestBytesMax, int newReplyBytesMax, boolean newSizesFixed) {
        return new Workload(
                messages, spreadNanos, newRequestBytesMax, newReplyBytesMax, newSizesFixed, manners, timing);
    }
}
