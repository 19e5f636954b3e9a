package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Goal: the vault gives each secret its own zeroed bytes, wipes what it takes back, never grows, and is kept out of
/// swap and core dumps. Method: random use checked against a list, a look at the raw memory, and Linux's own word.
class VaultTest {
    @Test
    void aClosedSecretIsWiped() {
        try (Vault vault = Vault.open(4096)) {
            for (int bytes : new int[] {1, 32, 33, 64}) {
                Secret secret = Secret.random(vault, new SeededRandom(bytes), bytes);
                MemorySegment slot = rawMemory(secret.address(), bytes);
                assertEquals("Secret[" + bytes + " bytes]", secret.toString());
                assertFalse(isZero(slot) && bytes > 1);
                secret.close();
                assertTrue(isZero(slot));
                secret.close();
                assertThrows(IllegalStateException.class, secret::address);
                assertEquals(0, vault.secretsLive());
            }
        }
    }

    @Test
    void theWorkBenchIsWipedAfterUse() {
        try (Vault vault = Vault.open(4096);
                Secret input = Secret.random(vault, new SeededRandom(1), 32);
                Secret _ = Kdf.derive(vault, "bench", 32, input, MemorySegment.NULL, input)) {
            long bench = vault.beginWork();
            assertTrue(isZero(rawMemory(bench, Vault.WORK_BYTES)));
            vault.endWork();
        }
    }

    @Test
    void aClosedVaultRefuses() {
        Vault vault = Vault.open(4096);
        Secret secret = vault.secret(32);
        vault.close();
        vault.close();
        assertThrows(IllegalStateException.class, secret::address);
        assertThrows(IllegalStateException.class, () -> vault.secret(32));
        assertThrows(IllegalStateException.class, vault::beginWork);
        secret.close();
        assertEquals(0, vault.secretsLive());
    }

    @Test
    void aFullVaultRefusesAndHasRoomAgain() {
        try (Vault vault = Vault.open(2048)) {
            List<Secret> secrets = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                secrets.add(vault.secret(32));
            }
            VaultFullException full = assertThrows(VaultFullException.class, () -> vault.secret(1));
            assertEquals("the vault of 2048 bytes is full, with 64 secrets", full.getMessage());
            secrets.get(7).close();
            secrets.get(8).close();
            assertThrows(VaultFullException.class, () -> vault.secret(64), "two units that are no pair");
            secrets.get(9).close();
            secrets.set(8, vault.secret(64));
            secrets.forEach(Secret::close);
            assertEquals(0, vault.secretsLive());
        }
    }

    @Test
    void limitsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> Vault.open(0));
        assertThrows(IllegalArgumentException.class, () -> Vault.open(Vault.BYTES_MAX + 1));
        try (Vault vault = Vault.open(1)) {
            assertThrows(IllegalArgumentException.class, () -> vault.secret(0));
            assertThrows(IllegalArgumentException.class, () -> vault.secret(65));
        }
    }

    @Test
    void noTwoSecretsOverlap() {
        Random random = Bytes.random("vault slots");
        try (Vault vault = Vault.open(64 << 10)) {
            List<Secret> live = new ArrayList<>();
            for (int i = 0; i < Bytes.CASES * 20; i++) {
                boolean crowded = live.size() > 700 + random.nextInt(500);
                if (!live.isEmpty() && (crowded || random.nextInt(5) < 2)) {
                    Secret gone = live.remove(random.nextInt(live.size()));
                    checkStamp(gone);
                    gone.close();
                } else {
                    Secret fresh = vault.secret(1 + random.nextInt(64));
                    assertTrue(isZero(fresh.view()));
                    fresh.view().fill(stamp(fresh));
                    live.add(fresh);
                }
                assertEquals(live.size(), vault.secretsLive());
            }
            live.forEach(VaultTest::checkStamp);
            live.forEach(Secret::close);
            assertEquals(0, vault.secretsLive());
        }
    }

    @Test
    void severalThreadsMayUseIt() throws InterruptedException, ExecutionException {
        try (Vault vault = Vault.open(256 << 10);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Callable<Set<Long>>> jobs = new ArrayList<>();
            for (int job = 0; job < 4; job++) {
                SeededRandom random = new SeededRandom(job);
                jobs.add(() -> churn(vault, random));
            }
            Set<Long> kept = new HashSet<>();
            int total = 0;
            for (Future<Set<Long>> result : threads.invokeAll(jobs)) {
                kept.addAll(result.get());
                total += result.get().size();
            }
            assertEquals(total, kept.size(), "what the threads kept are different slots");
            assertEquals(total, vault.secretsLive());
        }
    }

    @Test
    void copiesLeaveOnlyToNativeMemory() {
        SecretAccess access = SecretAccess.grant("a test looks");
        assertEquals("SecretAccess[a test looks]", access.toString());
        assertThrows(IllegalArgumentException.class, () -> SecretAccess.grant(" "));
        try (Vault vault = Vault.open(4096);
                Secret secret = Secret.random(vault, new SeededRandom(5), 32);
                Secret same = Secret.copyOf(vault, secret.view(), 0, 32);
                Secret brief = Secret.copyOf(vault, secret.view(), 0, 31);
                Secret other = Secret.random(vault, new SeededRandom(6), 32)) {
            assertTrue(secret.constantTimeEquals(same));
            assertFalse(secret.constantTimeEquals(brief));
            assertFalse(secret.constantTimeEquals(other));
            MemorySegment heap = MemorySegment.ofArray(new byte[32]);
            assertThrows(IllegalArgumentException.class, () -> secret.copyTo(heap, 0, access));
            MemorySegment tooShort = Bytes.zero(33);
            assertThrows(IndexOutOfBoundsException.class, () -> secret.copyTo(tooShort, 2, access));
            secret.copyTo(tooShort, 1, access);
            assertEquals(-1, tooShort.asSlice(1).mismatch(secret.view()));
            assertThrows(IndexOutOfBoundsException.class, () -> Secret.copyOf(vault, tooShort, 2, 32));
            assertEquals(4, vault.secretsLive());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void linuxKeepsTheSlabOutOfSwapAndCoreDumps() throws IOException {
        try (Vault vault = Vault.open(64 << 10);
                Secret secret = vault.secret(32)) {
            String flags = flagsOfMapping(secret.address());
            assertTrue(flags.contains(" dd "), flags);
            assertEquals(vault.isLocked(), flags.contains(" lo "), flags);
        }
    }

    private static Set<Long> churn(Vault vault, SeededRandom random) {
        Set<Long> kept = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            try (Secret one = Secret.random(vault, random, 32);
                    Secret two = Secret.random(vault, random, 64);
                    Secret derived = Kdf.derive(vault, "churn", 64, one, MemorySegment.NULL, two)) {
                Secret again = Kdf.derive(vault, "churn", 64, one, MemorySegment.NULL, two);
                assertTrue(derived.constantTimeEquals(again));
                if (i % 10 == 0) {
                    kept.add(again.address());
                } else {
                    again.close();
                }
            }
        }
        return kept;
    }

    private static byte stamp(Secret secret) {
        return (byte) (secret.address() / 32 * 37 + secret.bytes());
    }

    private static void checkStamp(Secret secret) {
        byte[] expected = new byte[secret.bytes()];
        Arrays.fill(expected, stamp(secret));
        assertEquals(-1, secret.view().mismatch(MemorySegment.ofArray(expected)));
    }

    private static String flagsOfMapping(long address) throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*")) {
                String[] range = line.substring(0, line.indexOf(' ')).split("-", 2);
                inside = Long.compareUnsigned(Long.parseUnsignedLong(range[0], 16), address) <= 0
                        && Long.compareUnsigned(address, Long.parseUnsignedLong(range[1], 16)) < 0;
            } else if (inside && line.startsWith("VmFlags:")) {
                return line + " ";
            }
        }
        throw new AssertionError("no mapping at " + Long.toHexString(address));
    }

    private static boolean isZero(MemorySegment memory) {
        for (byte b : memory.toArray(ValueLayout.JAVA_BYTE)) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("restricted")
    private static MemorySegment rawMemory(long address, long bytes) {
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }
}
