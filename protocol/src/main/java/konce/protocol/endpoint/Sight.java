package konce.protocol.endpoint;

import java.lang.foreign.MemorySegment;
import konce.protocol.Observer;
import konce.protocol.path.Path;
import org.jspecify.annotations.Nullable;

/// Who observes an endpoint, if anybody, and the packet that is shown to them.
final class Sight implements Observer.Packet {
    private @Nullable Observer observer;
    private @Nullable Observer ofPackets;
    private long channel;
    private Observer.Kind kind = Observer.Kind.DATA;
    private long number;
    private int bytes;
    private MemorySegment buffer = MemorySegment.NULL;
    private long framesOffset;
    private long framesBytes;

    void set(Observer newObserver) {
        observer = newObserver;
        ofPackets = newObserver.seesPackets() ? newObserver : null;
    }

    /// Who sees what is rare; null: nobody.
    @Nullable
    Observer observer() {
        return observer;
    }

    /// Who sees each packet; null: nobody.
    @Nullable
    Observer ofPackets() {
        return ofPackets;
    }

    /// The packet to be shown next; its contents follow with [#frames].
    Sight packet(long newChannel, Observer.Kind newKind, long newNumber, long newBytes) {
        channel = newChannel;
        kind = newKind;
        number = newNumber;
        bytes = (int) newBytes;
        return this;
    }

    Sight frames(MemorySegment newBuffer, long offset, long length) {
        buffer = newBuffer;
        framesOffset = offset;
        framesBytes = length;
        return this;
    }

    /// What came of an ACK, or a deadline.
    ///
    /// @param lost packets it has shown to be lost
    void onSettled(long nowNanos, long ofChannel, Path path, long lost) {
        if (ofPackets != null) {
            ofPackets.onPath(nowNanos, ofChannel, path);
        }
        if (lost > 0 && observer != null) {
            observer.onLosses(nowNanos, ofChannel, lost);
        }
    }

    @Override
    public long channel() {
        return channel;
    }

    @Override
    public Observer.Kind kind() {
        return kind;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public int bytes() {
        return bytes;
    }

    @Override
    public MemorySegment buffer() {
        return buffer;
    }

    @Override
    public long framesOffset() {
        return framesOffset;
    }

    @Override
    public long framesBytes() {
        return framesBytes;
    }
}
