package konce.bench.peer;

import java.util.Locale;

/// What contestants are compared in.
public enum Discipline {
    /// Many bytes over one connection.
    BULK,
    /// Small requests and their replies over one connection.
    REQUESTS;

    /// As it is typed and shown.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
