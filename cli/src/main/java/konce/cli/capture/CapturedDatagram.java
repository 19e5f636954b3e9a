package konce.cli.capture;

import konce.protocol.Address;

/// A UDP datagram found in a capture.
///
/// @param atNanos since 1970, as the capture says
/// @param source who sent it
/// @param target whom it was sent to
/// @param payload its bytes; a view that nobody else writes to
public record CapturedDatagram(long atNanos, Address source, Address target, byte[] payload) {}
