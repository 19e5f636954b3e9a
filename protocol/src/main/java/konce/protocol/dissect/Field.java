package konce.protocol.dissect;

/// One field of a packet.
///
/// @param depth 0 for the packet's own, 1 for those inside a sealed part, 2 for those of a frame
/// @param offset where it begins in the datagram
/// @param bytes how long it is; 0 where it is a remark
/// @param name as docs/spec names it
/// @param value in words
public record Field(int depth, long offset, long bytes, String name, String value) {}
