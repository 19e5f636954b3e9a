package konce.crypto;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class GroupOperationsTest {
    /// Goal: making a key counts. Method: the count before and after; other tests may count beside.
    @Test
    void areCounted() {
        try (Vault vault = Vault.open(4_096)) {
            long before = GroupOperations.done();
            SecretKey.generate(vault, new SystemRandom()).close();
            assertTrue(GroupOperations.done() >= before + 1);
        }
    }
}
