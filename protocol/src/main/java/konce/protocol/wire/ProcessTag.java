package konce.protocol.wire;

/// Which process of a server answered an INIT, as that server's durable key vouches for it: the first of the server's
/// parameters in INIT-ACK, and what a client that comes again under another cookie shows in its [Settings].
///
/// - shape: number (8), proof (8)
/// - source: docs/spec/03-handshake.md, section 11
///
/// @param number random, drawn when the process starts
/// @param proof that a process with this number answered the client random; only the server's durable key makes one
public record ProcessTag(long number, long proof) {
    public static final int BYTES = 16;

    public void write(ByteWriter out) {
        out.writeLong(number);
        out.writeLong(proof);
    }

    /// Reads one; with the reader failed the values mean nothing.
    public static ProcessTag read(ByteReader in) {
        return new ProcessTag(in.readLong(), in.readLong());
    }
}
