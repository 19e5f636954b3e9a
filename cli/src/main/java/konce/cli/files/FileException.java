package konce.cli.files;

import java.io.IOException;

/// A request that is refused. The text is for people, and may be a stranger's.
public final class FileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Problem problem;

    public FileException(Problem problem, String text) {
        super(text);
        this.problem = problem;
    }

    /// Which kind of refusal.
    public Problem problem() {
        return problem;
    }
}
