package konce.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The certificate that all peers with TLS show, and that their clients trust and check: P-256, signed by itself.
///
/// @param store with the key and the certificate
public record Credentials(KeyStore store, PrivateKey key, X509Certificate certificate) {
    /// The name of the server in the certificate.
    static final String HOST = "localhost";

    static final String ALIAS = "bench";
    static final String PASSWORD = "benchmark";

    private static final String FILE = "tls.p12";
    private static final int PORTS = 65_535;
    private static final long KEYTOOL_SECONDS_MAX = 60;

    /// Makes one, by the JDK's own tool; it lives for one run.
    public static void make(Path scratch) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        scratch.resolve(FILE).toString(),
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "san=dns:" + HOST,
                        "-validity",
                        "2"))
                .redirectErrorStream(true)
                .redirectOutput(scratch.resolve("keytool.log").toFile())
                .start();
        if (!keytool.waitFor(KEYTOOL_SECONDS_MAX, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            keytool.destroyForcibly();
            throw new IOException("keytool made no certificate: " + Files.readString(scratch.resolve("keytool.log")));
        }
    }

    /// The certificate alone, for those who trust it.
    KeyStore trusted() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, certificate);
        return trusted;
    }

    /// A port to name for a connection. Clients keep sessions by host and port, so no session is resumed where each
    /// connection names another one.
    static int otherPort(int connection) {
        return 1 + connection % PORTS;
    }

    /// Reads it.
    static Credentials read(Path scratch) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(scratch.resolve(FILE))) {
            store.load(in, PASSWORD.toCharArray());
        }
        return new Credentials(store, (PrivateKey) store.getKey(ALIAS, PASSWORD.toCharArray()), (X509Certificate)
                store.getCertificate(ALIAS));
    }
}
