package konce.crypto;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// libsodium's functions, one static method each. Addresses are plain `long`s, so a call allocates nothing; they come
/// from [Raw] or from [Secret#address] and nowhere else.
///
/// - shape: arguments in libsodium's own order; `size_t`, `unsigned long long` and pointers are all 64 bits here
/// - error: what the C function returns (0, or -1 for refused); libsodium aborts the process when its limits are
///   broken, so lengths are checked before
/// - source: <https://doc.libsodium.org/>
///
/// The short functions of the packet path are linked as critical: no change of thread state around the call, which
/// then delays a garbage collection by at most the sealing of one 64 KiB datagram (40 us).
@SuppressWarnings("restricted")
final class Sodium {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = NativeLibrary.load();
    private static final boolean CRITICAL = true;
    private static final boolean PLAIN = false;

    private static final MethodHandle AEAD_CHACHA_SEAL =
            link("crypto_aead_chacha20poly1305_ietf_encrypt_detached", CRITICAL, ValueLayout.JAVA_INT, longs(10));
    private static final MethodHandle AEAD_CHACHA_OPEN =
            link("crypto_aead_chacha20poly1305_ietf_decrypt_detached", CRITICAL, ValueLayout.JAVA_INT, longs(9));
    private static final MethodHandle AEAD_AEGIS_SEAL =
            link("crypto_aead_aegis256_encrypt_detached", CRITICAL, ValueLayout.JAVA_INT, longs(10));
    private static final MethodHandle AEAD_AEGIS_OPEN =
            link("crypto_aead_aegis256_decrypt_detached", CRITICAL, ValueLayout.JAVA_INT, longs(9));
    private static final MethodHandle AEAD_XCHACHA_SEAL =
            link("crypto_aead_xchacha20poly1305_ietf_encrypt", PLAIN, ValueLayout.JAVA_INT, longs(9));
    private static final MethodHandle AEAD_XCHACHA_OPEN =
            link("crypto_aead_xchacha20poly1305_ietf_decrypt", PLAIN, ValueLayout.JAVA_INT, longs(9));
    private static final MethodHandle HCHACHA20 = link("crypto_core_hchacha20", PLAIN, ValueLayout.JAVA_INT, longs(4));
    private static final MethodHandle CHACHA20_XOR =
            link("crypto_stream_chacha20_xor_ic", CRITICAL, ValueLayout.JAVA_INT, longs(6));
    private static final MethodHandle SIPHASH24 =
            link("crypto_shorthash_siphash24", CRITICAL, ValueLayout.JAVA_INT, longs(4));
    private static final MethodHandle POLY1305 =
            link("crypto_onetimeauth_poly1305", CRITICAL, ValueLayout.JAVA_INT, longs(4));
    private static final MethodHandle POLY1305_VERIFY =
            link("crypto_onetimeauth_poly1305_verify", CRITICAL, ValueLayout.JAVA_INT, longs(4));
    private static final MethodHandle BLAKE2B =
            link("crypto_generichash_blake2b", PLAIN, ValueLayout.JAVA_INT, longs(6));
    private static final MethodHandle BLAKE2B_INIT =
            link("crypto_generichash_blake2b_init", PLAIN, ValueLayout.JAVA_INT, longs(4));
    private static final MethodHandle BLAKE2B_UPDATE =
            link("crypto_generichash_blake2b_update", PLAIN, ValueLayout.JAVA_INT, longs(3));
    private static final MethodHandle BLAKE2B_FINAL =
            link("crypto_generichash_blake2b_final", PLAIN, ValueLayout.JAVA_INT, longs(3));
    private static final MethodHandle IS_VALID_POINT =
            link("crypto_core_ristretto255_is_valid_point", PLAIN, ValueLayout.JAVA_INT, longs(1));
    private static final MethodHandle SCALAR_REDUCE =
            link("crypto_core_ristretto255_scalar_reduce", PLAIN, null, longs(2));
    private static final MethodHandle MULTIPLY =
            link("crypto_scalarmult_ristretto255", PLAIN, ValueLayout.JAVA_INT, longs(3));
    private static final MethodHandle MULTIPLY_BASE =
            link("crypto_scalarmult_ristretto255_base", PLAIN, ValueLayout.JAVA_INT, longs(2));
    private static final MethodHandle POINT_FROM_HASH =
            link("crypto_core_ristretto255_from_hash", PLAIN, ValueLayout.JAVA_INT, longs(2));
    private static final MethodHandle IS_VALID_EDWARDS_POINT =
            link("crypto_core_ed25519_is_valid_point", PLAIN, ValueLayout.JAVA_INT, longs(1));
    private static final MethodHandle SIGN_KEYPAIR =
            link("crypto_sign_ed25519_seed_keypair", PLAIN, ValueLayout.JAVA_INT, longs(3));
    private static final MethodHandle SIGN =
            link("crypto_sign_ed25519_detached", PLAIN, ValueLayout.JAVA_INT, longs(5));
    private static final MethodHandle SIGN_VERIFY =
            link("crypto_sign_ed25519_verify_detached", PLAIN, ValueLayout.JAVA_INT, longs(4));
    private static final MethodHandle ARGON2ID = link("crypto_pwhash", PLAIN, ValueLayout.JAVA_INT, longsThenInt(7));
    private static final MethodHandle RANDOM_BYTES = link("randombytes_buf", PLAIN, null, longs(2));
    private static final MethodHandle RANDOM_INT = link("randombytes_random", PLAIN, ValueLayout.JAVA_INT, longs(0));
    private static final MethodHandle GUARDED_MALLOC = link("sodium_malloc", PLAIN, ValueLayout.JAVA_LONG, longs(1));
    private static final MethodHandle GUARDED_FREE = link("sodium_free", PLAIN, null, longs(1));
    private static final MethodHandle MLOCK = link("sodium_mlock", PLAIN, ValueLayout.JAVA_INT, longs(2));
    private static final MethodHandle WIPE = link("sodium_memzero", PLAIN, null, longs(2));
    private static final MethodHandle COMPARE = link("sodium_memcmp", PLAIN, ValueLayout.JAVA_INT, longs(3));
    private static final MethodHandle RUNTIME_HAS_AESNI =
            link("sodium_runtime_has_aesni", PLAIN, ValueLayout.JAVA_INT, longs(0));
    private static final MethodHandle RUNTIME_HAS_AVX =
            link("sodium_runtime_has_avx", PLAIN, ValueLayout.JAVA_INT, longs(0));
    private static final MethodHandle RUNTIME_HAS_ARMCRYPTO =
            link("sodium_runtime_has_armcrypto", PLAIN, ValueLayout.JAVA_INT, longs(0));
    private static final MethodHandle VERSION_STRING =
            link("sodium_version_string", PLAIN, ValueLayout.JAVA_LONG, longs(0));
    private static final MethodHandle RANDOM_IMPLEMENTATION_NAME =
            link("randombytes_implementation_name", PLAIN, ValueLayout.JAVA_LONG, longs(0));
    private static final MethodHandle SODIUM_INIT = link("sodium_init", PLAIN, ValueLayout.JAVA_INT, longs(0));

    static {
        Invariant.check(sodiumInit() >= 0, "libsodium starts");
    }

    private Sodium() {}

    private static MemoryLayout[] longs(int count) {
        MemoryLayout[] layouts = new MemoryLayout[count];
        Arrays.fill(layouts, ValueLayout.JAVA_LONG);
        return layouts;
    }

    private static MemoryLayout[] longsThenInt(int count) {
        MemoryLayout[] layouts = Arrays.copyOf(longs(count), count + 1);
        layouts[count] = ValueLayout.JAVA_INT;
        return layouts;
    }

    private static MethodHandle link(
            String symbol, boolean critical, @Nullable MemoryLayout result, MemoryLayout[] arguments) {
        FunctionDescriptor shape =
                result == null ? FunctionDescriptor.ofVoid(arguments) : FunctionDescriptor.of(result, arguments);
        Linker.Option[] options = critical ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
        return LINKER.downcallHandle(LIBRARY.findOrThrow(symbol), shape, options);
    }

    /// What a downcall handle throws: nothing, unless it was linked with the wrong shape.
    static AssertionError broken(Throwable t) {
        return new AssertionError("a native function is linked wrongly", t);
    }

    static int aeadChachaSeal(
            long c,
            long mac,
            long macLength,
            long m,
            long mBytes,
            long ad,
            long adBytes,
            long nsec,
            long nonce,
            long key) {
        try {
            return (int) AEAD_CHACHA_SEAL.invokeExact(c, mac, macLength, m, mBytes, ad, adBytes, nsec, nonce, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int aeadChachaOpen(
            long m, long nsec, long c, long cBytes, long mac, long ad, long adBytes, long nonce, long key) {
        try {
            return (int) AEAD_CHACHA_OPEN.invokeExact(m, nsec, c, cBytes, mac, ad, adBytes, nonce, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int aeadAegisSeal(
            long c,
            long mac,
            long macLength,
            long m,
            long mBytes,
            long ad,
            long adBytes,
            long nsec,
            long nonce,
            long key) {
        try {
            return (int) AEAD_AEGIS_SEAL.invokeExact(c, mac, macLength, m, mBytes, ad, adBytes, nsec, nonce, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int aeadAegisOpen(
            long m, long nsec, long c, long cBytes, long mac, long ad, long adBytes, long nonce, long key) {
        try {
            return (int) AEAD_AEGIS_OPEN.invokeExact(m, nsec, c, cBytes, mac, ad, adBytes, nonce, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int aeadXchachaSeal(
            long c, long cLength, long m, long mBytes, long ad, long adBytes, long nsec, long nonce, long key) {
        try {
            return (int) AEAD_XCHACHA_SEAL.invokeExact(c, cLength, m, mBytes, ad, adBytes, nsec, nonce, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int aeadXchachaOpen(
            long m, long mLength, long nsec, long c, long cBytes, long ad, long adBytes, long nonce, long key) {
        try {
            return (int) AEAD_XCHACHA_OPEN.invokeExact(m, mLength, nsec, c, cBytes, ad, adBytes, nonce, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int hchacha20(long out, long in, long key, long constant) {
        try {
            return (int) HCHACHA20.invokeExact(out, in, key, constant);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int chacha20Xor(long c, long m, long mBytes, long nonce, long counter, long key) {
        try {
            return (int) CHACHA20_XOR.invokeExact(c, m, mBytes, nonce, counter, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int siphash24(long out, long in, long inBytes, long key) {
        try {
            return (int) SIPHASH24.invokeExact(out, in, inBytes, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int poly1305(long out, long in, long inBytes, long key) {
        try {
            return (int) POLY1305.invokeExact(out, in, inBytes, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int poly1305Verify(long tag, long in, long inBytes, long key) {
        try {
            return (int) POLY1305_VERIFY.invokeExact(tag, in, inBytes, key);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int blake2b(long out, long outBytes, long in, long inBytes, long key, long keyBytes) {
        try {
            return (int) BLAKE2B.invokeExact(out, outBytes, in, inBytes, key, keyBytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int blake2bInit(long state, long key, long keyBytes, long outBytes) {
        try {
            return (int) BLAKE2B_INIT.invokeExact(state, key, keyBytes, outBytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int blake2bUpdate(long state, long in, long inBytes) {
        try {
            return (int) BLAKE2B_UPDATE.invokeExact(state, in, inBytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int blake2bFinal(long state, long out, long outBytes) {
        try {
            return (int) BLAKE2B_FINAL.invokeExact(state, out, outBytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int isValidPoint(long point) {
        try {
            return (int) IS_VALID_POINT.invokeExact(point);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void scalarReduce(long out, long wide) {
        try {
            SCALAR_REDUCE.invokeExact(out, wide);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int multiply(long out, long scalar, long point) {
        GroupOperations.count();
        try {
            return (int) MULTIPLY.invokeExact(out, scalar, point);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int multiplyBase(long out, long scalar) {
        GroupOperations.count();
        try {
            return (int) MULTIPLY_BASE.invokeExact(out, scalar);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int pointFromHash(long out, long hash) {
        try {
            return (int) POINT_FROM_HASH.invokeExact(out, hash);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int isValidEdwardsPoint(long point) {
        try {
            return (int) IS_VALID_EDWARDS_POINT.invokeExact(point);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int signKeypair(long publicKey, long secretKey, long seed) {
        try {
            return (int) SIGN_KEYPAIR.invokeExact(publicKey, secretKey, seed);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int sign(long signature, long signatureLength, long m, long mBytes, long secretKey) {
        try {
            return (int) SIGN.invokeExact(signature, signatureLength, m, mBytes, secretKey);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int signVerify(long signature, long m, long mBytes, long publicKey) {
        try {
            return (int) SIGN_VERIFY.invokeExact(signature, m, mBytes, publicKey);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int argon2id(
            long out,
            long outBytes,
            long passphrase,
            long passphraseBytes,
            long salt,
            long operations,
            long memoryBytes,
            int algorithm) {
        try {
            return (int) ARGON2ID.invokeExact(
                    out, outBytes, passphrase, passphraseBytes, salt, operations, memoryBytes, algorithm);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void randomBytes(long out, long outBytes) {
        try {
            RANDOM_BYTES.invokeExact(out, outBytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int randomInt() {
        try {
            return (int) RANDOM_INT.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long guardedMalloc(long bytes) {
        try {
            return (long) GUARDED_MALLOC.invokeExact(bytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void guardedFree(long address) {
        try {
            GUARDED_FREE.invokeExact(address);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int mlock(long address, long bytes) {
        try {
            return (int) MLOCK.invokeExact(address, bytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static void wipe(long address, long bytes) {
        try {
            WIPE.invokeExact(address, bytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int compare(long a, long b, long bytes) {
        try {
            return (int) COMPARE.invokeExact(a, b, bytes);
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int runtimeHasAesni() {
        try {
            return (int) RUNTIME_HAS_AESNI.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int runtimeHasAvx() {
        try {
            return (int) RUNTIME_HAS_AVX.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int runtimeHasArmcrypto() {
        try {
            return (int) RUNTIME_HAS_ARMCRYPTO.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long versionString() {
        try {
            return (long) VERSION_STRING.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static long randomImplementationName() {
        try {
            return (long) RANDOM_IMPLEMENTATION_NAME.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }

    static int sodiumInit() {
        try {
            return (int) SODIUM_INIT.invokeExact();
        } catch (Throwable t) {
            throw broken(t);
        }
    }
}
