package konce.simulator.plan;

/// Somebody who disturbs a run, until the faults end. Rates are virtual.
public sealed interface Attack {
    /// Random bytes at server and clients, some from strangers' addresses and some from the right ones.
    ///
    /// @param perSecond datagrams a second
    record Garbage(int perSecond) implements Attack {}

    /// INITs as clients send them, from addresses nobody has. The attacker has seen one.
    ///
    /// @param perSecond datagrams a second
    record SpoofedInits(int perSecond) implements Attack {}

    /// INITs seen, sent again as they were by somebody elsewhere who would know what their clues are worth.
    record CopiedInits(int copies) implements Attack {}

    /// Every COOKIE-ECHO sent again and again, at once and later, also after its cookie has expired.
    ///
    /// @param copies of each
    /// @param latestNanos the last of them
    /// @param otherAddresses whether half of them come from elsewhere
    record CookieEchoReplay(int copies, long latestNanos, boolean otherAddresses) implements Attack {}

    /// Copies of handshake packets with bits flipped, racing the originals.
    ///
    /// @param copies of each
    record BitFlips(int copies) implements Attack {}

    /// INIT-ACKs to clients by somebody who cannot see their packets, under the server's address.
    ///
    /// @param perSecond datagrams a second
    record BlindInitAcks(int perSecond) implements Attack {}

    /// INIT-ACKs of another server, sent in answer to INITs seen, under the true server's address, ahead of its
    /// own.
    ///
    /// @param effort the work they ask for
    record OvertakingInitAcks(long effort) implements Attack {}

    /// Copies of packets of open channels, from the right address and from others.
    ///
    /// @param chance that a packet is copied
    /// @param latestNanos how much later at most
    record DataReplay(double chance, long latestNanos) implements Attack {}

    /// Copies of packets of open channels that come from one other address and overtake the originals:
    /// `nat_attack`.
    ///
    /// @param chance that a packet is copied
    record DataAhead(double chance) implements Attack {}

    /// COOKIE-ECHOs from addresses of the attacker's own, in one /24, for which it has asked the server for
    /// cookies.
    ///
    /// @param perSecond datagrams a second, INITs among them
    record Flood(Kind kind, int perSecond) implements Attack {
        /// What is wrong with them.
        public enum Kind {
            /// A sequence number that was not issued.
            STALE_SEQUENCE,
            /// The cookie is another address's.
            OTHER_ADDRESS,
            /// One good packet, over and over.
            COPIES,
            /// A solution that is none of the effort claimed.
            BAD_WORK,
            /// Work over an authenticator that the server never gave.
            BAD_AUTHENTICATOR,
            /// Nothing but the box: each costs the server its group operations, and leads to nothing.
            WORKED
        }
    }
}
