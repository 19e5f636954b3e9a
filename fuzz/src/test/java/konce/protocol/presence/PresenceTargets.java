package konce.protocol.presence;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import konce.fuzz.Target;
import konce.protocol.wire.ByteReader;
import konce.protocol.wire.ByteWriter;

/// What is inside a presence's packet.
public final class PresenceTargets {
    private PresenceTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(new Target("presence-body", PresenceTargets::body));
    }

    private static void body(byte[] input) {
        MemorySegment bytes = MemorySegment.ofArray(input);
        ByteReader in = new ByteReader().wrap(bytes, 0, input.length);
        PresenceBody body = PresenceBody.read(in);
        if (in.isOk()) {
            MemorySegment written = Arena.ofAuto().allocate(input.length + PresenceBody.OVERHEAD_BYTES);
            ByteWriter out = new ByteWriter().wrap(written, 0, written.byteSize());
            body.write(out);
            Target.checkSame(input, written.asSlice(0, out.position()).toArray(ValueLayout.JAVA_BYTE));
        }
        if (in.isOk() && body.kind() == PresenceBody.Kind.REFUSED) {
            Target.check(body.why() != null, "refused for nothing");
        }
    }
}
