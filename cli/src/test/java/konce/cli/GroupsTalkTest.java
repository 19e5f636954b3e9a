package konce.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Private groups from the command line: a home for the server, one for a member, one for somebody else.
class GroupsTalkTest {
    private static final int TRIES = 60;

    @TempDir
    Path directory;

    private CommandRun owner;
    private CommandRun member;
    private CommandRun other;

    @BeforeEach
    void start() throws IOException {
        owner = user("server");
        member = user("member");
        other = user("other");
    }

    private CommandRun user(String name) throws IOException {
        CommandRun user = new CommandRun(directory.resolve(name));
        ok(user, "id", "new", "--no-passphrase");
        return user;
    }

    private static String ok(CommandRun user, String... args) {
        CommandRun.Result result = user.run(args);
        assertEquals(Main.EXIT_OK, result.status(), CommandRun.shown(args, result));
        return result.out();
    }

    private static String fails(CommandRun user, String... args) {
        CommandRun.Result result = user.run(args);
        assertNotEquals(Main.EXIT_OK, result.status(), CommandRun.shown(args, result));
        return result.err();
    }

    private RunningServer serve(String... more) {
        String[] args = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("serve", "--listen", "127.0.0.1:0", "--json", "--echo"),
                        java.util.Arrays.stream(more))
                .toArray(String[]::new);
        return new RunningServer(directory.resolve("server"), args);
    }

    // = docs/spec/17-private-groups.md R17.10
    /// Goal: who holds the invitation is answered, the second key to use it is refused, who has the server's own
    /// address meets silence; withdrawing it while the server runs cuts the member off, and another invitation lets
    /// it
    /// in again. What happened is in the group's file.
    @Test
    void anInvitationLetsOnePersonIn() throws Exception {
        ok(owner, "group", "create", "family");
        try (RunningServer server = serve("--group", "family")) {
            String address = server.member("address");
            String at = address.substring(address.indexOf('@') + 1).split(",", -1)[0];
            String invitation = ok(owner, "group", "invite", "family", "--label", "anna", "--at", at)
                    .strip();
            assertTrue(invitation.startsWith("konceg1") && invitation.endsWith("@" + at), invitation);
            assertEquals("hello\n", untilItHolds(member, invitation));
            assertTrue(server.said().contains("[family konce1"), server.said());
            assertTrue(fails(other, "send", invitation, "hello").contains("no member"));
            assertTrue(fails(other, "send", address, "hello", "--connect-timeout", "2")
                    .contains("could not prove the key"));
            assertTrue(ok(owner, "group", "list", "family").contains("1  anna  used by 1 of 1"));
            ok(owner, "group", "revoke", "family", "1");
            untilItFails(member, invitation);
            assertTrue(ok(owner, "group", "list", "family").contains("withdrawn"));
            String second = ok(owner, "group", "invite", "family", "--at", at).strip();
            assertEquals("hello\n", untilItHolds(member, second));
            assertEquals(
                    second,
                    ok(owner, "group", "invite", "family", "--again", "2", "--at", at)
                            .strip());
        }
        assertTrue(Files.readString(directory.resolve("server/groups/family.group"))
                .contains("member 2 konce1"));
        try (RunningServer server = serve("--group", "family", "--public")) {
            assertEquals("hello\n", ok(other, "send", server.member("address"), "hello"));
        }
    }

    /// The server looks at its groups' files every second.
    private static String untilItHolds(CommandRun user, String invitation) {
        for (int i = 0; i < TRIES; i++) {
            CommandRun.Result result = user.run("send", invitation, "hello");
            if (result.status() == Main.EXIT_OK) {
                return result.out();
            }
        }
        throw new AssertionError("the invitation does not hold");
    }

    private static void untilItFails(CommandRun user, String invitation) {
        for (int i = 0; i < TRIES; i++) {
            CommandRun.Result result = user.run("send", invitation, "hello", "--connect-timeout", "3");
            if (result.status() != Main.EXIT_OK) {
                assertTrue(result.err().contains("invitation") || result.err().contains("closed"), result.err());
                return;
            }
        }
        throw new AssertionError("the invitation still holds");
    }

    /// Goal: what cannot be is said in words.
    @Test
    void mistakesAreNamed() {
        ok(owner, "group", "create", "family");
        assertTrue(fails(owner, "group", "create", "family").contains("already"));
        assertTrue(fails(owner, "group", "create", "Family").contains("named like petnames"));
        assertTrue(fails(owner, "group", "invite", "friends").contains("no group 'friends'"));
        assertTrue(fails(owner, "group", "invite", "family", "--keys", "0").contains("--keys"));
        assertTrue(fails(owner, "group", "invite", "family", "--label", "a b").contains("--label"));
        assertTrue(fails(owner, "group", "invite", "family", "--at", "nowhere").contains("--at"));
        assertTrue(fails(owner, "group", "revoke", "family", "1").contains("no invitation 1"));
        assertTrue(fails(owner, "serve", "--public").contains("--public"));
        String invitation = ok(owner, "group", "invite", "family").strip();
        assertTrue(fails(member, "send", invitation, "hello").contains("address"));
        assertTrue(fails(member, "send", invitation + "@192.0.2.7:413", "hello", "--anonymous")
                .contains("anonymous"));
        assertTrue(fails(member, "send", invitation.replace('q', 'p') + "@192.0.2.7:413", "hello")
                .contains("not an invitation"));
    }
}
