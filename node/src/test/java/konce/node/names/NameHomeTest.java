package konce.node.names;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.List;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.Equivocation;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.encoding.Hash;
import konce.node.store.CheckedFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameHomeTest {
    @TempDir
    Path directory;

    private static SignedCheckpoint checkpoint(long root) {
        return new SignedCheckpoint(new Checkpoint(Hash.ZERO, 7, 0, new Hash(root, 0, 0, 0), Hash.ZERO), 0, List.of());
    }

    /// Goal: two lies about one height are kept both, and the same one told twice is kept once. R16.18
    @Test
    void evidenceIsKeptApart() throws Exception {
        NameHome home = new NameHome(directory);
        Equivocation one = new Equivocation(checkpoint(1), checkpoint(2));
        Equivocation other = new Equivocation(checkpoint(1), checkpoint(3));
        Path first = home.keepEvidence(one);
        assertNotEquals(first, home.keepEvidence(other));
        assertEquals(first, home.keepEvidence(one));
        assertArrayEquals(one.encode(), CheckedFile.read(first));
    }
}
