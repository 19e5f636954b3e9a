package konce.names.checkpoint;

import konce.crypto.SigningKey;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.MalformedException;
import konce.names.encoding.Signature;

/// A witness's word that it knows of no other checkpoint at this height, given at a time.
///
/// - shape: 73 bytes
///
/// @param witness which of the set's witnesses
/// @param timeSeconds when it signed, by its own clock, in seconds of Unix time
public record WitnessSignature(int witness, long timeSeconds, Signature signature) {
    /// The length of the encoding.
    public static final int BYTES = 1 + 8 + Signature.BYTES;

    /// Signs.
    ///
    /// @param set the number of the set in which the witness has this place
    static WitnessSignature sign(SigningKey key, int witness, int set, Checkpoint checkpoint, long timeSeconds) {
        return new WitnessSignature(witness, timeSeconds, Signature.sign(key, message(set, checkpoint, timeSeconds)));
    }

    /// Whether the witness of `set` at this place signed `checkpoint`.
    public boolean isOver(WitnessKeys set, Checkpoint checkpoint) {
        // = docs/spec/14-witnesses.md R14.3
        return witness < set.set().witnesses().size()
                && signature.isBy(set.witness(witness), message(set.set().number(), checkpoint, timeSeconds));
    }

    private static byte[] message(int set, Checkpoint checkpoint, long timeSeconds) {
        ByteWriter out = new ByteWriter().text8("konce witness 1").u31(set).u63(timeSeconds);
        checkpoint.write(out);
        return out.toBytes();
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The signature that is the whole of `bytes`.
    public static Decoded<WitnessSignature> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES, WitnessSignature::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        out.u8(witness).u63(timeSeconds).signature(signature);
    }

    /// Reads one.
    public static WitnessSignature read(ByteReader in) throws MalformedException {
        return new WitnessSignature(
                in.u8(0, WitnessSet.WITNESSES_MAX - 1, "witness"),
                in.u63(Checkpoint.TIME_SECONDS_MAX, "time"),
                in.signature());
    }
}
