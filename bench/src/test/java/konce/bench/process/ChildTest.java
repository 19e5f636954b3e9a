package konce.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real child: it answers, says what goes wrong, and ends when its parent wants.
class ChildTest {
    private static final long SECONDS_MAX = 60;

    @TempDir
    Path logs;

    record Said(String word, long count) {}

    static final class Parrot {
        public static void main(String[] args) throws IOException {
            Answering.run(words -> {
                if (words[0].equals("die")) {
                    Runtime.getRuntime().halt(3);
                }
                System.out.println("this is no answer");
                return new Said(words[0], Long.parseLong(words[1]));
            });
        }
    }

    @Test
    void questionsAreAnsweredUntilItEnds() throws Exception {
        try (Children children = new Children(logs)) {
            Child child = children.java("parrot", Children.Surroundings.USUAL, Parrot.class);
            assertEquals(new Said("hello", 7), child.ask(Said.class, SECONDS_MAX, "hello 7"));

            ChildException wrong =
                    assertThrows(ChildException.class, () -> child.ask(Said.class, SECONDS_MAX, "hello you"));
            assertTrue(wrong.getMessage().contains("NumberFormatException"), wrong.getMessage());
            assertEquals(new Said("again", 8), child.ask(Said.class, SECONDS_MAX, "again 8"));

            ChildException ended =
                    assertThrows(ChildException.class, () -> child.ask(Said.class, SECONDS_MAX, "die 1"));
            assertTrue(ended.getMessage().contains("parrot has ended at"), ended.getMessage());
            assertThrows(ChildException.class, () -> child.ask(Said.class, SECONDS_MAX, "hello 1"));
        }
    }

    @Test
    void itEndsWithItsParent() throws Exception {
        Child child;
        try (Children children = new Children(logs)) {
            child = children.java("parrot", Children.Surroundings.USUAL, Parrot.class);
            child.ask(Said.class, SECONDS_MAX, "hello 7");
        }
        assertTrue(child.hasEnded());
    }
}
