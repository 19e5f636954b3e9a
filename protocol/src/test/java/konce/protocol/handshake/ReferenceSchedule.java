package konce.protocol.handshake;

import cafe.cryptography.curve25519.RistrettoElement;
import cafe.cryptography.curve25519.Scalar;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import konce.crypto.Blake2b;
import konce.crypto.Secret;
import konce.crypto.Vault;
import konce.protocol.wire.CookieEcho;
import org.jspecify.annotations.Nullable;

/// The key schedule once more, written from docs/spec/03-handshake.md section 2 alone: plain arrays, one hash call for
/// each line, group arithmetic by another implementation.
public final class ReferenceSchedule {
    private final Vault vault;
    private final String prefix;

    /// @param a null: anonymous
    public record Keys(@Nullable Scalar a, Scalar b, Scalar c, Scalar d) {}

    public ReferenceSchedule(Vault vault, int handshakeProtocol) {
        this(vault, "konce h" + handshakeProtocol + " ");
    }

    private ReferenceSchedule(Vault vault, String prefix) {
        this.vault = vault;
        this.prefix = prefix;
    }

    /// A secret of the phase after the one with this update secret.
    static byte[] ofNextPhase(Vault vault, String label, byte[] update, byte[] transcript, byte[]... inputs) {
        return new ReferenceSchedule(vault, "konce phase ").kdf(label, update, transcript, inputs);
    }

    /// A scalar as chapter 3 makes transient ones: fresh randomness, the durable scalar or zeros, and a label.
    public static Scalar hedged(byte[] fresh32, @Nullable Scalar durable, String label) {
        byte[] kept = durable == null ? new byte[32] : durable.toByteArray();
        return Scalar.fromBytesModOrderWide(blake2b(null, joined(fresh32, kept, ascii(label)), 64));
    }

    /// Every secret by its label, from a COOKIE-ECHO as it was sent and the server random.
    public Map<String, byte[]> secrets(byte[] echo, byte[] serverRandom, Keys keys) {
        RistrettoElement bigC = Group.G.multiply(keys.c());
        RistrettoElement bigD = Group.G.multiply(keys.d());
        int box = Rig.box(Rig.bytes(echo));
        int early = box + CookieEcho.BOX_BYTES;
        byte[] head = Arrays.copyOf(echo, CookieEcho.SOLUTION);
        byte[] solution = Arrays.copyOfRange(echo, CookieEcho.SOLUTION, CookieEcho.TRANSIENT_KEY);
        byte[] middle = Arrays.copyOfRange(echo, CookieEcho.TRANSIENT_KEY, box);
        byte[] sealedBox = Arrays.copyOfRange(echo, box, early);
        byte[] sealedEarly = Arrays.copyOfRange(echo, early, echo.length);
        byte[] td = h("TD", head, middle, bytes(bigD));
        byte[] t0 = h("T0", td, bytes(bigC));
        byte[] bD = bytes(bigD.multiply(keys.b()));
        byte[] bC = bytes(bigC.multiply(keys.b()));
        byte[] k0 = kdf("K0", null, t0, bD, bC);
        Scalar a = keys.a();
        byte[] t1 = h("T1", t0, sealedBox, a == null ? new byte[32] : bytes(Group.G.multiply(a)));
        byte[] k1 = a == null ? kdf("K1", k0, t1) : kdf("K1", k0, t1, bytes(bigD.multiply(a)), bytes(bigC.multiply(a)));
        byte[] t2 = h("T2", t1, sealedEarly, solution);
        byte[] t3 = h("T3", t2, serverRandom);
        Map<String, byte[]> secrets = new TreeMap<>();
        secrets.put("BOX", k0);
        secrets.put("CHANGE", kdf("change", null, td, bD));
        secrets.put("EARLY", k1);
        secrets.put("CLIENT", kdf("client", k1, t3));
        secrets.put("SERVER", kdf("server", k1, t3));
        return secrets;
    }

    private byte[] h(String label, byte[]... parts) {
        byte[] text = ascii(prefix + label);
        return blake2b(null, joined(number(text.length), text, joined(parts)), 32);
    }

    private byte[] kdf(String label, byte @Nullable [] key, byte[] transcript, byte[]... inputs) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(part(ascii("konce kdf 1")));
        message.writeBytes(part(ascii(prefix + label)));
        message.writeBytes(part(transcript));
        message.writeBytes(number(inputs.length));
        for (byte[] input : inputs) {
            message.writeBytes(part(input));
        }
        if (key == null) {
            return blake2b(null, message.toByteArray(), 32);
        }
        try (Secret secret = Secret.copyOf(vault, Rig.bytes(key), 0, key.length)) {
            return blake2b(secret, message.toByteArray(), 32);
        }
    }

    private static byte[] blake2b(@Nullable Secret key, byte[] message, int bytes) {
        MemorySegment in = Rig.bytes(message);
        MemorySegment out = Arena.ofAuto().allocate(bytes);
        if (key == null) {
            Blake2b.hash(in, 0, in.byteSize(), out, 0, bytes);
        } else {
            Blake2b.hash(key, in, 0, in.byteSize(), out, 0, bytes);
        }
        return out.toArray(ValueLayout.JAVA_BYTE);
    }

    private static byte[] bytes(RistrettoElement element) {
        return element.compress().toByteArray();
    }

    private static byte[] part(byte[] bytes) {
        return joined(number(bytes.length), bytes);
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(8).putLong(value).array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
