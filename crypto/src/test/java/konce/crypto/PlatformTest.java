package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Goal: every platform that we name has its library, others are named in the error, and a hardened process leaves no
/// core file. Method: the JDK's names for platforms; a child process that hardens itself.
class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, natives/linux64/libsodium.so",
        "Linux, aarch64, natives/arm64/libsodium.so",
        "Mac OS X, x86_64, natives/mac/libsodium.dylib",
        "Mac OS X, aarch64, natives/mac_arm/libsodium.dylib",
        "Windows 11, amd64, natives/windows64/libsodium.dll",
    })
    void aLibraryIsCarried(String os, String arch, String resource) {
        assertEquals(resource, NativeLibrary.resource(os, arch));
        assertNotNull(NativeLibrary.class.getResource(resource));
    }

    @Test
    void anotherPlatformIsNamed() {
        UnsupportedOperationException error =
                assertThrows(UnsupportedOperationException.class, () -> NativeLibrary.resource("Plan 9", "riscv64"));
        assertTrue(error.getMessage().startsWith("no libsodium for Plan 9 on riscv64;"), error.getMessage());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingIsLeftInTheTemporaryFolder() throws IOException {
        String output = runChild("load");
        assertTrue(output.contains("left 0"), output);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aHardenedProcessLeavesNoCoreFile() throws IOException {
        String output = runChild("harden");
        assertTrue(output.contains("core files are off, memory is closed to debuggers"), output);
        assertTrue(output.contains("Max core file size        0                    0"), output);
    }

    private static String runChild(String task) throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        task)
                .redirectErrorStream(true)
                .start();
        return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /// The child's side.
    static final class Child {
        private Child() {}

        static void main(String[] task) throws IOException {
            if (task[0].equals("harden")) {
                System.out.println(ProcessHardening.apply());
                Files.readAllLines(Path.of("/proc/self/limits")).forEach(System.out::println);
            } else {
                Path folder = Files.createTempDirectory("konce-test");
                System.setProperty("java.io.tmpdir", folder.toString());
                new SystemRandom().nextLong();
                try (var left = Files.list(folder)) {
                    System.out.println("left " + left.count());
                }
                Files.delete(folder);
            }
        }
    }
}
