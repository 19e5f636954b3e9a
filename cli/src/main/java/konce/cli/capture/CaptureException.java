package konce.cli.capture;

/// A file that is no capture, or one this reader does not understand.
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    CaptureException(String message) {
        super(message);
    }
}
