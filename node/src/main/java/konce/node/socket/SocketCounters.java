package konce.node.socket;

/// What went through a socket. Written by the loop alone.
public final class SocketCounters {
    long datagramsReceived;
    long bytesReceived;
    long readsDone;
    long datagramsSent;
    long bytesSent;
    long sendsDone;
    long sendFailures;
    long readFailures;

    SocketCounters() {}

    /// Datagrams received, each counted alone also where one read gave many.
    public long datagramsReceived() {
        return datagramsReceived;
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    /// Reads that gave something: fewer than datagrams where GRO glued them together.
    public long readsDone() {
        return readsDone;
    }

    public long datagramsSent() {
        return datagramsSent;
    }

    public long bytesSent() {
        return bytesSent;
    }

    /// Sends made: fewer than datagrams where GSO takes them apart.
    public long sendsDone() {
        return sendsDone;
    }

    /// Sends the system refused: no route, too long for the interface, a full queue.
    public long sendFailures() {
        return sendFailures;
    }

    public long readFailures() {
        return readFailures;
    }
}
