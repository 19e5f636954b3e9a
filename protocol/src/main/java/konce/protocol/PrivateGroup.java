package konce.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;

/// A group whose server only its members can find: others meet a server like any other.
///
/// - source: docs/spec/17-private-groups.md
///
/// @param number by which the application knows it, above 0
/// @param key its durable key C, which only invitations name; not closed by the endpoint
/// @param invitations those that hold; at most [Limits#INVITATIONS_MAX] in all groups of an endpoint
public record PrivateGroup(long number, SecretKey key, List<Invitation> invitations) {
    /// Bytes of an invitation's secret.
    public static final int SECRET_BYTES = 16;

    public PrivateGroup {
        invitations = List.copyOf(invitations);
        if (number <= 0) {
            throw new IllegalArgumentException("a group has a number above 0, not " + number);
        }
        Set<Long> numbers = new HashSet<>();
        for (Invitation invitation : invitations) {
            if (!numbers.add(invitation.number())) {
                throw new IllegalArgumentException("invitation " + invitation.number() + " is there twice");
            }
        }
    }

    /// What lets somebody in. Whoever does not hold one cannot tell that there is a group.
    ///
    /// @param number by which the application knows it, in its group
    /// @param secret 16 bytes that both sides hold; not closed by the endpoint
    /// @param membersMax how many durable keys may use it: the first that do are its members
    /// @param members those that have used it
    public record Invitation(long number, Secret secret, int membersMax, List<PublicKey> members) {
        public Invitation {
            members = List.copyOf(members);
            if (secret.bytes() != SECRET_BYTES) {
                throw new IllegalArgumentException(
                        "an invitation's secret has " + SECRET_BYTES + " bytes, not " + secret.bytes());
            }
            if (membersMax < 1 || membersMax > Limits.GROUP_MEMBERS_MAX || members.size() > membersMax) {
                throw new IllegalArgumentException(members.size() + " members of at most " + membersMax
                        + "; an invitation is for 1 to " + Limits.GROUP_MEMBERS_MAX);
            }
        }
    }
}
