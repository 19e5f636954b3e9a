package konce.protocol;

/// The peers an endpoint keeps between channels.
///
/// @param count of them
/// @param locked whether the system keeps their secrets out of swap; false where RLIMIT_MEMLOCK is too low
public record AtRest(int count, boolean locked) {}
