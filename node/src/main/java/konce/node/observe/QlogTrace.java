package konce.node.observe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import konce.protocol.Address;
import konce.protocol.Observer;

/// The qlog of one channel, event by event: records of JSON text that collect until they are handed to the writer.
///
/// - shape: JSON-SEQ, RFC 7464; the first record says what the rest is
/// - unit: milliseconds since the trace began, to the microsecond; never less than before
/// - source: draft-ietf-quic-qlog-main-schema-02 (its version is called 0.3), draft-ietf-quic-qlog-quic-events
final class QlogTrace {
    /// Bytes that are handed on at once.
    static final int CHUNK_BYTES = 32 << 10;

    /// Bytes of one file: hours of an interactive channel, seconds of a bulk one. Full: the trace ends.
    static final long FILE_BYTES_MAX = 1L << 28;

    /// How long something may stay here before it is handed on with what comes next.
    private static final long FLUSH_NANOS = 250_000_000L;

    private static final byte RECORD_SEPARATOR = 0x1E;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int BITS_PER_BYTE = 8;

    private final QlogWriter writer;
    private final String file;
    private final String head;
    private final boolean initiator;
    private final long beganNanos;
    private byte[] bytes = new byte[1 << 10];
    private int used;
    // what a piece that is refused leaves out: its events, and those it says were left out before
    private long events;
    private long dropped;
    private long written;
    private long lastMicros;
    private long flushedNanos;
    private boolean started;
    private String state;
    private String phase = "";
    private int datagramBytes;
    private long smoothedRttNanos;
    private long minRttNanos;
    private long windowBytes;
    private long inFlightBytes;

    /// @param file its name
    /// @param epochMillis when it begins, in milliseconds since 1970
    /// @param title for people; ASCII
    QlogTrace(QlogWriter writer, String file, boolean initiator, long nowNanos, long epochMillis, String title) {
        this.writer = writer;
        this.file = file;
        head = "{\"qlog_version\":\"0.3\",\"qlog_format\":\"JSON-SEQ\",\"title\":\"" + title
                + "\",\"trace\":{\"vantage_point\":{\"name\":\"konce\",\"type\":\""
                + (initiator ? "client" : "server")
                + "\"},\"common_fields\":{\"time_format\":\"relative\",\"reference_time\":" + epochMillis
                + ",\"protocol_type\":[\"KONCE\"]}}}";
        this.initiator = initiator;
        beganNanos = nowNanos;
        flushedNanos = nowNanos;
        state = initiator ? "attempted" : "handshake";
    }

    /// Adds an event.
    ///
    /// @param name category and name, with a colon between
    /// @param data a JSON object
    void event(long nowNanos, String name, CharSequence data) {
        if (written + used > FILE_BYTES_MAX) {
            dropped++;
            return;
        }
        lastMicros = Math.max(lastMicros, (nowNanos - beganNanos) / 1_000);
        if (written == 0 && used == 0) {
            append(head);
        }
        if (dropped > 0 && events == 0) {
            record("konce:events_dropped", "{\"count\":" + dropped + "}");
            events += dropped;
            dropped = 0;
        }
        record(name, data);
        events++;
        if (used >= CHUNK_BYTES || nowNanos - flushedNanos > FLUSH_NANOS) {
            flush(nowNanos, false);
        }
    }

    private void record(String name, CharSequence data) {
        StringBuilder line = new StringBuilder(data.length() + 64).append("{\"time\":");
        millis(line, lastMicros);
        append(line.append(",\"name\":\"")
                .append(name)
                .append("\",\"data\":")
                .append(data)
                .append('}'));
    }

    /// A number of milliseconds with three digits behind the point.
    private static void millis(StringBuilder out, long micros) {
        long rest = micros % 1_000;
        out.append(micros / 1_000)
                .append('.')
                .append(rest < 100 ? "0" : "")
                .append(rest < 10 ? "0" : "")
                .append(rest);
    }

    private void append(CharSequence ascii) {
        byte[] text = ascii.toString().getBytes(StandardCharsets.US_ASCII);
        if (bytes.length - used < text.length + 2) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + text.length + 2));
        }
        bytes[used++] = RECORD_SEPARATOR;
        System.arraycopy(text, 0, bytes, used, text.length);
        used += text.length;
        bytes[used++] = '\n';
    }

    /// Hands on what there is.
    private void flush(long nowNanos, boolean last) {
        flushedNanos = nowNanos;
        if (writer.offer(new QlogWriter.Chunk(file, Arrays.copyOf(bytes, used), last))) {
            written += used;
        } else {
            dropped += events;
            if (last) {
                writer.end(file);
            }
        }
        used = 0;
        events = 0;
    }

    /// The channel's life, by QUIC's words.
    void state(long nowNanos, String next) {
        if (!next.equals(state)) {
            event(
                    nowNanos,
                    "connectivity:connection_state_updated",
                    "{\"old\":\"" + state + "\",\"new\":\"" + next + "\"}");
            state = next;
        }
    }

    /// Where the peer is known to be for the first time.
    void started(long nowNanos, Address local, Address remote) {
        if (started) {
            return;
        }
        started = true;
        Address from = initiator ? local : remote;
        Address to = initiator ? remote : local;
        event(
                nowNanos,
                "connectivity:connection_started",
                "{\"ip_version\":\"" + (remote.ipBytes().length == 4 ? "ipv4" : "ipv6") + "\",\"src_ip\":\"" + ip(from)
                        + "\",\"src_port\":" + from.port() + ",\"dst_ip\":\"" + ip(to) + "\",\"dst_port\":" + to.port()
                        + "}");
    }

    private static String ip(Address address) {
        String text = address.toString();
        return text.substring(0, text.lastIndexOf(':')).replace("[", "").replace("]", "");
    }

    /// What an ACK has changed.
    void path(long nowNanos, Observer.PathFigures path) {
        if (!path.phase().equals(phase)) {
            event(
                    nowNanos,
                    "recovery:congestion_state_updated",
                    "{\"old\":\"" + phase + "\",\"new\":\"" + path.phase() + "\"}");
            phase = path.phase();
        }
        if (path.datagramBytes() != datagramBytes) {
            event(
                    nowNanos,
                    "connectivity:mtu_updated",
                    "{\"old\":" + datagramBytes + ",\"new\":" + path.datagramBytes() + "}");
            datagramBytes = path.datagramBytes();
        }
        boolean changed = path.smoothedRttNanos() != smoothedRttNanos
                || path.minRttNanos() != minRttNanos
                || path.windowBytes() != windowBytes
                || path.inFlightBytes() != inFlightBytes;
        if (changed) {
            smoothedRttNanos = path.smoothedRttNanos();
            minRttNanos = path.minRttNanos();
            windowBytes = path.windowBytes();
            inFlightBytes = path.inFlightBytes();
            metrics(nowNanos, path);
        }
    }

    private void metrics(long nowNanos, Observer.PathFigures path) {
        StringBuilder data = new StringBuilder(200).append("{\"min_rtt\":").append(minRttNanos / NANOS_PER_MILLI);
        data.append(",\"smoothed_rtt\":").append(smoothedRttNanos / NANOS_PER_MILLI);
        data.append(",\"latest_rtt\":").append(path.latestRttNanos() / NANOS_PER_MILLI);
        data.append(",\"rtt_variance\":").append(path.rttVariationNanos() / NANOS_PER_MILLI);
        data.append(",\"congestion_window\":").append(windowBytes);
        data.append(",\"bytes_in_flight\":").append(inFlightBytes);
        data.append(",\"pacing_rate\":").append((long) (BITS_PER_BYTE * path.paceBytesPerSecond()));
        event(nowNanos, "recovery:metrics_updated", data.append('}'));
    }

    /// Ends the file.
    void end(long nowNanos) {
        state(nowNanos, "closed");
        flush(nowNanos, true);
    }
}
