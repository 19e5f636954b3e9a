package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
    private static final List<String> LOOKED_AT = List.of(
            "Java",
            "libsodium",
            "AES instructions",
            "GSO",
            "GRO",
            "receive buffer",
            "send buffer",
            "locked memory",
            "open files",
            "random source",
            "clock source",
            "steady clock",
            "wall clock");

    @TempDir
    Path home;

    /// Goal: on any machine everything is looked at, and the exit status says whether there is something to change.
    @Test
    void everythingIsLookedAt() {
        CommandRun.Result plain = new CommandRun(home).run("doctor");
        for (String name : LOOKED_AT) {
            assertTrue(plain.out().contains(name + ": "), name + " in " + plain.out());
        }
        assertEquals(plain.out().contains("\n   -> ") ? Main.EXIT_FAILED : Main.EXIT_OK, plain.status(), plain.out());
    }

    /// Goal: for a script it is one line, with the same status.
    @Test
    void asJson() {
        CommandRun.Result json = new CommandRun(home).run("doctor", "--json");
        assertEquals(1, json.out().lines().count());
        assertTrue(
                json.out().startsWith("{\"ok\":" + (json.status() == Main.EXIT_OK) + ",\"findings\":[{"), json.out());
        for (String name : LOOKED_AT) {
            assertTrue(json.out().contains("{\"name\":\"" + name + "\",\"ok\":"), name + " in " + json.out());
        }
    }
}
