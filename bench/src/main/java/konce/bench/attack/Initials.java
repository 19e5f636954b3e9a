package konce.bench.attack;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.peer.Setting;

/// QUIC's Initials, made without end from one that a real client has sent: the same ClientHello, sealed anew under
/// another
/// connection id. Whoever receives one cannot tell it from a new client's.
///
/// - source: RFC 9001, section 5.2 (initial secrets) and 5.4 (header protection); RFC 9000, section 17.2.2
final class Initials {
    private static final byte[] SALT = HexFormat.of().parseHex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
    private static final int WAIT_MILLIS = 5_000;
    private static final int DATAGRAM_BYTES_MAX = 2_048;
    private static final int ID_LENGTH = 5;
    private static final int ID = 6;
    private static final int TAG_BYTES = 16;
    private static final int SAMPLE_BYTES = 16;
    private static final int NUMBER_BYTES_MAX = 4;

    /// What a connection id gives.
    private record Keys(SecretKeySpec key, byte[] iv, SecretKeySpec header) {}

    private final byte[] datagram;
    private final int numberOffset;
    private final int numberBytes;
    private final byte[] plain;
    private final SplittableRandom chance = new SplittableRandom();
    private final Cipher aead = Cipher.getInstance("AES/GCM/NoPadding");
    private final Cipher mask = Cipher.getInstance("AES/ECB/NoPadding");

    /// @param datagram whose first packet is an Initial, to its end
    private Initials(byte[] datagram) throws GeneralSecurityException {
        ByteBuffer in = ByteBuffer.wrap(datagram);
        in.position(ID + datagram[ID_LENGTH]);
        int sourceBytes = in.get();
        in.position(in.position() + sourceBytes);
        long tokenBytes = varint(in);
        in.position((int) (in.position() + tokenBytes));
        int length = (int) varint(in);
        numberOffset = in.position();
        this.datagram = Arrays.copyOf(datagram, numberOffset + length);
        Keys keys = keys(id());
        unmask(keys);
        numberBytes = (this.datagram[0] & 3) + 1;
        plain = crypt(
                Cipher.DECRYPT_MODE,
                keys,
                Arrays.copyOfRange(this.datagram, numberOffset + numberBytes, this.datagram.length));
    }

    /// Has a client of the contestant's send one to nobody, and takes it.
    static Initials capture(Contestant contestant, Path scratch) throws Exception {
        try (DatagramSocket nobody = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))) {
            nobody.setSoTimeout(WAIT_MILLIS);
            contestant
                    .connections(
                            "127.0.0.1:" + nobody.getLocalPort(), new Setting(Discipline.HANDSHAKES, false, scratch))
                    .open(false, new Nobody());
            DatagramPacket packet = new DatagramPacket(new byte[DATAGRAM_BYTES_MAX], DATAGRAM_BYTES_MAX);
            nobody.receive(packet);
            return new Initials(Arrays.copyOf(packet.getData(), packet.getLength()));
        } catch (SocketTimeoutException e) {
            throw new IOException("a client of " + contestant.name() + " sends no Initial", e);
        }
    }

    int bytes() {
        return datagram.length;
    }

    /// Another one.
    byte[] next() throws GeneralSecurityException {
        byte[] made = datagram.clone();
        byte[] id = new byte[datagram[ID_LENGTH]];
        chance.nextBytes(id);
        System.arraycopy(id, 0, made, ID, id.length);
        Keys keys = keys(id);
        System.arraycopy(made, 0, datagram, 0, numberOffset);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, keys, plain);
        System.arraycopy(sealed, 0, made, numberOffset + numberBytes, sealed.length);
        protect(made, keys, numberBytes);
        return made;
    }

    private byte[] id() {
        return Arrays.copyOfRange(datagram, ID, ID + datagram[ID_LENGTH]);
    }

    /// The header of `datagram`, whose protection is off, is what is authenticated.
    private byte[] crypt(int mode, Keys keys, byte[] text) throws GeneralSecurityException {
        byte[] nonce = keys.iv.clone();
        for (int i = 0; i < numberBytes; i++) {
            nonce[nonce.length - 1 - i] ^= datagram[numberOffset + numberBytes - 1 - i];
        }
        aead.init(mode, keys.key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
        aead.updateAAD(datagram, 0, numberOffset + numberBytes);
        return aead.doFinal(text);
    }

    private void unmask(Keys keys) throws GeneralSecurityException {
        byte[] bits = maskOf(datagram, keys);
        datagram[0] ^= (byte) (bits[0] & 0x0F);
        int bytes = (datagram[0] & 3) + 1;
        for (int i = 0; i < bytes; i++) {
            datagram[numberOffset + i] ^= bits[1 + i];
        }
    }

    private void protect(byte[] made, Keys keys, int bytes) throws GeneralSecurityException {
        byte[] bits = maskOf(made, keys);
        made[0] ^= (byte) (bits[0] & 0x0F);
        for (int i = 0; i < bytes; i++) {
            made[numberOffset + i] ^= bits[1 + i];
        }
    }

    private byte[] maskOf(byte[] packet, Keys keys) throws GeneralSecurityException {
        mask.init(Cipher.ENCRYPT_MODE, keys.header);
        return mask.doFinal(packet, numberOffset + NUMBER_BYTES_MAX, SAMPLE_BYTES);
    }

    private static Keys keys(byte[] id) throws GeneralSecurityException {
        byte[] secret = expand(hmac(SALT, id), "client in", 32);
        return new Keys(
                new SecretKeySpec(expand(secret, "quic key", 16), "AES"),
                expand(secret, "quic iv", 12),
                new SecretKeySpec(expand(secret, "quic hp", 16), "AES"));
    }

    /// HKDF-Expand-Label of RFC 8446, for what one block of SHA-256 gives.
    private static byte[] expand(byte[] secret, String label, int bytes) throws GeneralSecurityException {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer info = ByteBuffer.allocate(2 + 1 + name.length + 1 + 1);
        info.putShort((short) bytes)
                .put((byte) name.length)
                .put(name)
                .put((byte) 0)
                .put((byte) 1);
        return Arrays.copyOf(hmac(secret, info.array()), bytes);
    }

    private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text);
    }

    private static long varint(ByteBuffer in) {
        int first = in.get() & 0xFF;
        long value = first & 0x3F;
        for (int i = 1; i < 1 << (first >>> 6); i++) {
            value = (value << 8) | (in.get() & 0xFF);
        }
        return value;
    }

    /// Waits for nothing.
    private static final class Nobody implements Requests.Reply {
        @Override
        public void arrived() {
            throw new IllegalStateException("nobody was there to reply");
        }

        @Override
        public void failed(Throwable why) {
            // as it must: there is no server
        }
    }
}
