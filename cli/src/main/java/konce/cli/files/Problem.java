package konce.cli.files;

/// Why a file server refuses.
///
/// - source: docs/spec/11-files.md, section 2
public enum Problem {
    NOT_FOUND(1),
    NOT_ALLOWED(2),
    BAD_PATH(3),
    EXISTS(4),
    CHANGED(5),
    HASH_MISMATCH(6),
    BUSY(7),
    STORAGE_FAILED(8),
    MALFORMED(9),
    INCOMPLETE(10);

    private final int code;

    Problem(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    /// The problem of a code; [#MALFORMED] for one that is not known here.
    static Problem ofCode(int code) {
        for (Problem problem : values()) {
            if (problem.code == code) {
                return problem;
            }
        }
        return MALFORMED;
    }
}
