package konce.protocol.wire;

/// By what a server knows a client again before it shows who it is: given to it inside encryption, shown once in an
/// INIT. To everybody else it is random.
///
/// - shape: two words
/// - source: docs/spec/03-handshake.md, section 13
///
/// @param handle the server's own, encrypted
/// @param proof that the server made it
public record Ticket(long handle, long proof) {
    public static final int BYTES = 16;

    public void write(ByteWriter out) {
        out.writeLong(handle);
        out.writeLong(proof);
    }
}
