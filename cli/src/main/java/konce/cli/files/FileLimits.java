package konce.cli.files;

/// The limits of the file protocol.
///
/// - source: docs/spec/11-files.md
public final class FileLimits {
    /// Bytes of a chunk: large enough that a request's round trip is cheap, small enough that losing one is.
    public static final int CHUNK_BYTES = 1 << 18;

    /// Bytes of the most that one READ is answered with.
    public static final int READ_BYTES_MAX = 1 << 20;

    /// Chunks in flight: 4 MiB, the bandwidth-delay product of 300 Mbit/s over 100 ms.
    public static final int CHUNKS_IN_FLIGHT_MAX = 16;

    /// Bytes of the largest file: its bitmap takes half a MiB.
    public static final long FILE_BYTES_MAX = 1L << 40;

    /// Bytes of a path in UTF-8, and names in it.
    public static final int PATH_BYTES_MAX = 4_096;

    public static final int PATH_NAMES_MAX = 64;

    /// Entries in one answer to LIST.
    public static final int ENTRIES_PER_REPLY_MAX = 512;

    /// Entries of one directory that are looked at.
    public static final int ENTRIES_MAX = 100_000;

    /// Uploads open at once. One more closes the one that was still for longest.
    public static final int UPLOADS_OPEN_MAX = 64;

    /// Uploads begun and not finished that a server keeps on disk. More: refused.
    public static final int UPLOADS_KEPT_MAX = 1_000;

    /// Files whose hash is remembered, so that asking again costs nothing.
    public static final int HASHES_KEPT_MAX = 256;

    /// Files hashed at once: each reads at the disk's full speed.
    public static final int HASHES_AT_ONCE_MAX = 2;

    static final int HASH_BYTES = 32;
    static final int VERSION_BYTES = 16;
    static final int TOKEN_BYTES = 16;

    private FileLimits() {}

    /// How many chunks a file of this size has.
    static int chunks(long size) {
        return Math.toIntExact((size + CHUNK_BYTES - 1) / CHUNK_BYTES);
    }
}
