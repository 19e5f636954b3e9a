package konce.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The functions of the system's OpenSSL that [FastChaCha] needs. Loading this class fails where there is no OpenSSL 3.
///
/// - shape: arguments in OpenSSL's own order, pointers as `long`
/// - error: what the C function returns: 1, or 0 for refused
/// - source: OpenSSL's manual, EVP_EncryptInit(3)
@SuppressWarnings("restricted")
final class OpenSsl {
    /// The name that every OpenSSL 3 has on Linux, whatever its patch level.
    private static final String FILE = "libcrypto.so.3";

    private static final int GET_TAG = 0x10;
    private static final int SET_TAG = 0x11;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup(FILE, Arena.global());
    private static final MemoryLayout LONG = ValueLayout.JAVA_LONG;
    private static final MemoryLayout INT = ValueLayout.JAVA_INT;

    private static final MethodHandle FETCH =
            link("EVP_CIPHER_fetch", false, FunctionDescriptor.of(LONG, LONG, LONG, LONG));
    private static final MethodHandle NEW = link("EVP_CIPHER_CTX_new", false, FunctionDescriptor.of(LONG));
    private static final MethodHandle FREE = link("EVP_CIPHER_CTX_free", false, FunctionDescriptor.ofVoid(LONG));
    private static final MethodHandle INIT =
            link("EVP_CipherInit_ex", true, FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, LONG, INT));
    private static final MethodHandle UPDATE =
            link("EVP_CipherUpdate", true, FunctionDescriptor.of(INT, LONG, LONG, LONG, LONG, INT));
    private static final MethodHandle FINISH =
            link("EVP_CipherFinal_ex", true, FunctionDescriptor.of(INT, LONG, LONG, LONG));
    private static final MethodHandle CONTROL =
            link("EVP_CIPHER_CTX_ctrl", true, FunctionDescriptor.of(INT, LONG, INT, INT, LONG));

    /// ChaCha20-Poly1305, for the life of the process; 0: this OpenSSL does not give it.
    static final long CHACHA20_POLY1305 = fetchCipher();

    private OpenSsl() {}

    private static MethodHandle link(String symbol, boolean critical, FunctionDescriptor shape) {
        Linker.Option[] options = critical ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
        return LINKER.downcallHandle(LIBRARY.findOrThrow(symbol), shape, options);
    }

    private static long fetchCipher() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom("ChaCha20-Poly1305");
            return (long) FETCH.invokeExact(0L, name.address(), 0L);
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    /// A new context; 0 when there is no memory.
    static long newContext() {
        try {
            return (long) NEW.invokeExact();
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    /// Wipes a context and gives it back.
    static void freeContext(long context) {
        try {
            FREE.invokeExact(context);
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    /// @param cipher 0: as it is
    /// @param key 0: as it is
    /// @param nonce 0: as it is
    /// @param sealing 1 to seal, 0 to open
    static int init(long context, long cipher, long key, long nonce, int sealing) {
        try {
            return (int) INIT.invokeExact(context, cipher, 0L, key, nonce, sealing);
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    /// @param out 0: the input is only authenticated
    /// @param written four bytes for what nobody asks
    static int update(long context, long out, long written, long in, int inBytes) {
        try {
            return (int) UPDATE.invokeExact(context, out, written, in, inBytes);
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    static int finish(long context, long out, long written) {
        try {
            return (int) FINISH.invokeExact(context, out, written);
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }

    static int getTag(long context, int bytes, long tag) {
        return control(context, GET_TAG, bytes, tag);
    }

    static int setTag(long context, int bytes, long tag) {
        return control(context, SET_TAG, bytes, tag);
    }

    private static int control(long context, int what, int bytes, long pointer) {
        try {
            return (int) CONTROL.invokeExact(context, what, bytes, pointer);
        } catch (Throwable t) {
            throw Sodium.broken(t);
        }
    }
}
