package konce.protocol;

/// How a channel came to be. A server knows of the COOKIE-ECHO only: it has forgotten the INIT, as it should.
///
/// @param initiator whether we were the client
/// @param handshakeProtocol the number chosen
/// @param sessionProtocol the number chosen
/// @param effort the work asked, in expected hashes; 0: none
/// @param rttNanos the first measured round trip
/// @param clockOffsetNanos the peer's steady time minus ours, halfway through that round trip
/// @param elapsedNanos from the first INIT to the first authentic packet of the peer
/// @param packetsSent handshake packets sent, repeats included
/// @param packetsReceived handshake packets received
/// @param bytesSent their bytes
/// @param bytesReceived their bytes
/// @param group the number of the private group the client came to; 0: none, or we were the client
public record HandshakeSummary(
        boolean initiator,
        long handshakeProtocol,
        long sessionProtocol,
        long effort,
        long rttNanos,
        long clockOffsetNanos,
        long elapsedNanos,
        int packetsSent,
        int packetsReceived,
        long bytesSent,
        long bytesReceived,
        long group) {}
