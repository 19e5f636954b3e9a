package konce.names.checkpoint;

import java.util.List;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.MalformedException;
import konce.names.encoding.Signature;

/// A signature by one of a list of keys.
///
/// @param index where in the list the key stands
public record IndexedSignature(int index, Signature signature) {
    /// Appends the encoding.
    void write(ByteWriter out) {
        out.u8(index).signature(signature);
    }

    static IndexedSignature read(ByteReader in) throws MalformedException {
        return new IndexedSignature(in.u8(), in.signature());
    }

    /// Whether nobody stands in it twice, and all in order: one way to write a set of signatures down.
    static boolean areInOrder(List<Integer> indices) {
        for (int i = 1; i < indices.size(); i++) {
            if (indices.get(i - 1) >= indices.get(i)) {
                return false;
            }
        }
        return true;
    }
}
