package konce.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import konce.crypto.Suite;
import konce.protocol.SessionProtocol;
import org.junit.jupiter.api.Test;

/// What a node to be makes of its options.
class NodeBuilderTest {
    private static final List<SessionProtocol> FAST_FIRST =
            List.of(SessionProtocol.AEGIS_256, SessionProtocol.XCHACHA20_POLY1305);

    // = docs/spec/04-protection.md R4.22
    /// Goal: AEGIS is offered where the processor has the instructions, and left out where it has not; with nothing
    /// left
    /// no node opens.
    @Test
    void aegisNeedsInstructions() {
        assertEquals(List.of(2L, 1L), NodeBuilder.fit(FAST_FIRST, _ -> true));
        assertEquals(List.of(1L), NodeBuilder.fit(FAST_FIRST, suite -> suite != Suite.AEGIS_256));
        List<SessionProtocol> only = List.of(SessionProtocol.AEGIS_256);
        assertThrows(IllegalArgumentException.class, () -> NodeBuilder.fit(only, suite -> suite != Suite.AEGIS_256));
    }
}
