package konce.protocol;

/// Which private group a client came to, and under which invitation.
///
/// @param group the application's number for the group
/// @param invitation its number for the invitation, in the group
public record GroupVisit(long group, long invitation) {}
