package konce.cli.files;

/// One name in a served directory.
///
/// @param size in bytes; of a directory 0
/// @param modifiedMillis since 1970
public record Entry(String name, boolean directory, long size, long modifiedMillis) {}
