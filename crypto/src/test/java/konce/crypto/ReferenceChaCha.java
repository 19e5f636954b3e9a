package konce.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/// ChaCha20 written down from RFC 8439 section 2.3 a second time, to compare libsodium and our framing with.
final class ReferenceChaCha {
    private ReferenceChaCha() {}

    /// The 64-byte block with the original layout: 64-bit counter, 8-byte nonce.
    static byte[] block(byte[] key, long counter, byte[] nonce8) {
        ByteBuffer nonce = ByteBuffer.wrap(nonce8).order(ByteOrder.LITTLE_ENDIAN);
        int[] start = state(key, (int) counter, (int) (counter >>> 32), nonce.getInt(), nonce.getInt());
        int[] end = rounds(start);
        ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            out.putInt(start[i] + end[i]);
        }
        return out.array();
    }

    /// HChaCha20, draft-irtf-cfrg-xchacha section 2.2.
    static byte[] hchacha20(byte[] key, byte[] nonce16) {
        ByteBuffer nonce = ByteBuffer.wrap(nonce16).order(ByteOrder.LITTLE_ENDIAN);
        int[] end = rounds(state(key, nonce.getInt(), nonce.getInt(), nonce.getInt(), nonce.getInt()));
        ByteBuffer out = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        for (int i : new int[] {0, 1, 2, 3, 12, 13, 14, 15}) {
            out.putInt(end[i]);
        }
        return out.array();
    }

    /// ChaCha20-Poly1305 by BouncyCastle: ciphertext and tag.
    static byte[] seal(byte[] key, byte[] nonce12, byte[] associated, byte[] plaintext) {
        ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
        cipher.init(true, new AEADParameters(new KeyParameter(key), 128, nonce12, associated));
        byte[] out = new byte[cipher.getOutputSize(plaintext.length)];
        try {
            int done = cipher.processBytes(plaintext, 0, plaintext.length, out, 0);
            cipher.doFinal(out, done);
        } catch (InvalidCipherTextException e) {
            throw new AssertionError(e);
        }
        return out;
    }

    /// XChaCha20-Poly1305: BouncyCastle under the subkey from above.
    static byte[] xseal(byte[] key, byte[] nonce24, byte[] associated, byte[] plaintext) {
        byte[] nonce12 = new byte[12];
        System.arraycopy(nonce24, 16, nonce12, 4, 8);
        return seal(hchacha20(key, java.util.Arrays.copyOf(nonce24, 16)), nonce12, associated, plaintext);
    }

    private static int[] state(byte[] key, int a, int b, int c, int d) {
        ByteBuffer k = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        int[] s = new int[16];
        s[0] = 0x61707865;
        s[1] = 0x3320646e;
        s[2] = 0x79622d32;
        s[3] = 0x6b206574;
        for (int i = 4; i < 12; i++) {
            s[i] = k.getInt();
        }
        s[12] = a;
        s[13] = b;
        s[14] = c;
        s[15] = d;
        return s;
    }

    private static int[] rounds(int[] start) {
        int[] s = start.clone();
        for (int i = 0; i < 10; i++) {
            quarter(s, 0, 4, 8, 12);
            quarter(s, 1, 5, 9, 13);
            quarter(s, 2, 6, 10, 14);
            quarter(s, 3, 7, 11, 15);
            quarter(s, 0, 5, 10, 15);
            quarter(s, 1, 6, 11, 12);
            quarter(s, 2, 7, 8, 13);
            quarter(s, 3, 4, 9, 14);
        }
        return s;
    }

    private static void quarter(int[] s, int a, int b, int c, int d) {
        s[a] += s[b];
        s[d] = Integer.rotateLeft(s[d] ^ s[a], 16);
        s[c] += s[d];
        s[b] = Integer.rotateLeft(s[b] ^ s[c], 12);
        s[a] += s[b];
        s[d] = Integer.rotateLeft(s[d] ^ s[a], 8);
        s[c] += s[d];
        s[b] = Integer.rotateLeft(s[b] ^ s[c], 7);
    }
}
