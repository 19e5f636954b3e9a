package konce.protocol.dissect;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/// Bytes for people.
final class Words {
    private Words() {}

    static String hex(MemorySegment bytes, long offset, long length) {
        return HexFormat.of().formatHex(bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    /// Printable ASCII in quotes where all of it is, otherwise hex: a peer's bytes end up on a terminal.
    static String text(MemorySegment bytes, long offset, int length) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            byte next = bytes.get(ValueLayout.JAVA_BYTE, offset + i);
            if (next < 0x20 || next == 0x7F) {
                return hex(bytes, offset, length);
            }
            text.append((char) next);
        }
        return text.append('"').toString();
    }
}
