package konce.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rule that cannot fail is worth nothing: each one is shown a small repository that offends it, compiled on the
/// spot.
class OffenceTest {
    @TempDir
    private Path root;

    @Test
    void aModuleThatLooksUp() throws IOException {
        write("node/src/main/java/konce/node/Node.java", "package konce.node; public class Node {}");
        write(
                "simulator/src/main/java/konce/simulator/A.java",
                "package konce.simulator; class A { konce.node.Node n; }");
        finds(
                "simulator/src/main/java/konce/simulator/A.java: simulator must not use konce/node/Node",
                Imports.ofModules(building()));
    }

    @Test
    void aModuleNobodyKnows() throws IOException {
        write("attic/src/main/java/konce/attic/A.java", "package konce.attic; class A {}");
        finds("attic/src/main/java/konce/attic/A.java: module attic has no line", Imports.ofModules(building()));
    }

    @Test
    void aPackageThatLooksUp() throws IOException {
        write(
                "protocol/src/main/java/konce/protocol/endpoint/E.java",
                "package konce.protocol.endpoint; public class E {}");
        write(
                "protocol/src/main/java/konce/protocol/wire/A.java",
                "package konce.protocol.wire; class A { java.util.List<konce.protocol.endpoint.E> list; }");
        finds(
                "wire/A.java: konce.protocol.wire must not use konce/protocol/endpoint/E",
                Imports.ofPackages(building()));
    }

    @Test
    void aPackageNobodyKnows() throws IOException {
        write("protocol/src/main/java/konce/protocol/attic/A.java", "package konce.protocol.attic; class A {}");
        finds("attic/A.java: package konce.protocol.attic has no line", Imports.ofPackages(building()));
    }

    @Test
    void aThirdPartyInTheCore() throws IOException {
        write("io/src/main/java/io/netty/Buf.java", "package io.netty; public class Buf {}");
        core("io.netty.Buf buf;");
        finds("A.java: protocol must not use io/netty/Buf", Imports.ofThirdParties(building()));
    }

    @Test
    void aThirdPartyRequired() throws IOException {
        write("names/src/main/java/module-info.java", "module konce.names { requires java.sql; }");
        finds("names must not require java.sql", Imports.ofThirdParties(building()));
    }

    @Test
    void theClockInTheCore() throws IOException {
        core("long a() {\n return System.nanoTime(); }");
        finds(
                "A.java:3: java/lang/System.nanoTime is banned in protocol; take `long nowNanos`",
                Calls.banned(building()));
    }

    @Test
    void theClockByReference() throws IOException {
        core("java.util.function.LongSupplier a = System::nanoTime;");
        finds("java/lang/System.nanoTime is banned", Calls.banned(building()));
    }

    @Test
    void chanceInTheCore() throws IOException {
        core("void a(java.security.SecureRandom random) {}");
        finds("java/security/SecureRandom is banned in protocol; draw from", Calls.banned(building()));
    }

    @Test
    void everyOtherBanHits() throws IOException {
        for (String code : List.of(
                "long a = System.currentTimeMillis();",
                "Object a = java.time.Instant.now();",
                "Object a = java.time.Clock.systemUTC();",
                "Object a = new java.util.Random();",
                "double a = Math.random();",
                "int a = java.util.concurrent.ThreadLocalRandom.current().nextInt();",
                "java.util.SplittableRandom a;",
                "Object a = java.util.random.RandomGenerator.getDefault();",
                "Object a = new Thread(() -> {});",
                "Object a = Thread.ofVirtual();",
                "java.util.concurrent.locks.Lock a;",
                "void a() throws Exception { wait(); }",
                "java.net.DatagramSocket a;",
                "Object a() throws Exception { return java.net.InetAddress.getByName(\"a\"); }",
                "java.nio.channels.DatagramChannel a;",
                "Object a() throws Exception { return java.nio.file.Files.readString(null); }",
                "Object a() throws Exception { return new java.io.FileInputStream(\"a\"); }",
                "System.Logger a;",
                "Object a = java.util.logging.Logger.getGlobal();",
                "void a() { System.out.println(); }",
                "Object a = System.err;",
                "java.io.ObjectInputStream a;",
                "ThreadLocal<String> a;",
                "sun.misc.Unsafe a;")) {
            core(code);
            assertTrue(Calls.banned(building()).toString().contains("is banned in protocol"), code);
        }
    }

    @Test
    void aThreadLocalInATest() throws IOException {
        write("node/src/test/java/konce/node/A.java", "package konce.node; class A { ThreadLocal<String> a; }");
        finds("java/lang/ThreadLocal is banned in node", Calls.banned(building()));
    }

    @Test
    void aLockInTheCore() throws IOException {
        core("void a() {\n synchronized (this) { hashCode(); } }");
        finds("A.java:3: synchronized", Calls.locking(building()));
        core("synchronized void a() {}");
        finds("A.java: synchronized a", Calls.locking(building()));
    }

    @Test
    void finalizersAndSerialization() throws IOException {
        core("protected void finalize() {}");
        finds("A.java: has a finalizer", Calls.inheriting(building()));
        write(
                "protocol/src/main/java/konce/protocol/A.java",
                "package konce.protocol; class A implements java.io.Serializable {}");
        finds("A.java: implements Serializable", Calls.inheriting(building()));
    }

    @Test
    void aTestThatSleeps() throws IOException {
        write(
                "node/src/test/java/konce/node/A.java",
                "package konce.node; class A { void a() throws Exception {\n\n Thread.sleep(1); } }");
        finds("node/A.java:3: java/lang/Thread.sleep is banned in node; wait for", Calls.sleeping(building()));
    }

    @Test
    void aTestThatNamesAPort() throws IOException {
        write(
                "node/src/test/java/konce/node/A.java",
                "package konce.node; class A { Object a = new java.net.InetSocketAddress(4433);\n"
                        + "Object b = new java.net.InetSocketAddress(0); }");
        finds("node/A.java:1: port 4433", Calls.fixedPorts(building()));
    }

    @Test
    void aLongFile() throws IOException {
        core("\n".repeat(Shape.FILE_LINES_MAX - 2));
        assertEquals(List.of(), Shape.of(building()).files());
        core("\n".repeat(Shape.FILE_LINES_MAX - 1));
        finds("A.java: 601 lines", Shape.of(building()).files());
    }

    @Test
    void aLongMethod() throws IOException {
        core("void a() {" + "\n".repeat(Shape.METHOD_LINES_MAX - 1) + "}");
        assertEquals(List.of(), Shape.of(building()).methods());
        core("void a() {" + "\n".repeat(Shape.METHOD_LINES_MAX) + "}");
        finds("A.java:2: a has 71 lines", Shape.of(building()).methods());
        core("Runnable a = () -> {" + "\n".repeat(Shape.METHOD_LINES_MAX) + "};");
        finds("A.java:2: a lambda has 71 lines", Shape.of(building()).methods());
    }

    @Test
    void manyParameters() throws IOException {
        core("void a(int b, int c, int d, int e, int f, int g, int h) {}\n"
                + "record R(int b, int c, int d, int e, int f, int g, int h, int i) { R {} }");
        assertEquals(List.of(), Shape.of(building()).parameters());
        core("void a(int b, int c, int d, int e, int f, int g, int h, int i) {}");
        finds("A.java:2: a has 8 parameters", Shape.of(building()).parameters());
    }

    @Test
    void namesThatSayNothing() throws IOException {
        for (String name : List.of("NodeImpl", "NodeUtil", "NodeUtils", "NodeManager", "NodeHelper", "AbstractNode")) {
            core("class " + name + " {}");
            finds("A.java:2: " + name, Shape.of(building()).names());
        }
        core("class Abstraction {}");
        assertEquals(List.of(), Shape.of(building()).names());
    }

    @Test
    void aStaticThatChanges() throws IOException {
        core("static final int B = 1; interface C { int D = 2; }");
        assertEquals(List.of(), Shape.of(building()).statics());
        core("static int a;");
        finds("A.java:2: static a can change", Shape.of(building()).statics());
    }

    @Test
    void aDefaultOverASealedType() throws IOException {
        String types = "sealed interface S {} record X(int x) implements S {} record Y() implements S {}\n";
        core(types + "int a(S s) { return switch (s) { case X x -> 1; case Y y -> 2; }; }");
        assertEquals(List.of(), Shape.of(building()).defaults());
        core(types + "int a(S s) { return switch (s) { case X(int x) -> 1; default -> 2; }; }");
        finds("A.java:3: default in a switch", Shape.of(building()).defaults());
        core(types + "void a(S s) { switch (s) { case A.X x -> hashCode(); default -> {} } }");
        finds("A.java:3: default in a switch", Shape.of(building()).defaults());
    }

    @Test
    void aPackageWithoutADoorSign() throws IOException {
        core("");
        finds("protocol/src/main/java/konce/protocol: give it a package-info.java", Texts.doorSigns(building()));
        write("protocol/src/main/java/konce/protocol/package-info.java", "package konce.protocol;\n/// Late.");
        finds("protocol/src/main/java/konce/protocol: give it a package-info.java", Texts.doorSigns(building()));
        write("protocol/src/main/java/konce/protocol/package-info.java", "/// The core.\npackage konce.protocol;");
        assertEquals(List.of(), Texts.doorSigns(building()));
    }

    @Test
    void aModuleThatIsNotNullMarked() throws IOException {
        write("protocol/src/main/java/module-info.java", "/// The core.\nmodule konce.protocol {}");
        finds("protocol/src/main/java/module-info.java: begin it with", Texts.nullMarks(building()));
    }

    @Test
    void wordsThatPutOff() throws IOException {
        for (String word : List.of("TO" + "DO", "FIX" + "ME", "XX" + "X")) {
            write("README.md", "One.\nTwo " + word + ": three.");
            finds("README.md:2: Two " + word, Texts.unfinished(building()));
        }
    }

    @Test
    void wordsThatNameAPlaceOutside() throws IOException {
        for (String place : List.of("/wo" + "rk/a", "a/.lib" + "rary/b")) {
            write("verify", "cd " + place);
            finds("verify:1: cd " + place, Texts.privatePlaces(building()));
        }
    }

    @Test
    void requirementsThatNobodyCites() throws IOException {
        write("docs/spec/03-handshake.md", "- (R3.1) It MUST a.\n- (R3.2) It MUST b.\n- (R3.3) It MUST c.\n");
        write("protocol/src/main/java/konce/protocol/A.java", "package konce.protocol; class A {} // R3.1, R3.2");
        write("protocol/src/test/java/konce/protocol/B.java", "package konce.protocol;\n/// R3.1\nclass B {}");
        List<String> offences = Requirements.uncited(building());
        assertEquals(2, offences.size(), offences::toString);
        finds("docs/spec/03-handshake.md:2: R3.2 is cited by no test", offences.subList(0, 1));
        finds("docs/spec/03-handshake.md:3: R3.3 is cited by no code and no test", offences.subList(1, 2));
    }

    @Test
    void aCitationOfNothing() throws IOException {
        write("protocol/src/main/java/konce/protocol/A.java", "package konce.protocol; class A {} // R3.1");
        finds("A.java:1: R3.1 is no requirement", Requirements.uncited(building()));
    }

    @Test
    void requirementsWithoutANumber() throws IOException {
        write("docs/spec/03-handshake.md", """
            # MUST is explained elsewhere: `MUST`

            - (R3.1) It MUST a,
              and MUST b.
            - The word "MUST" is not a requirement.
            - It MUST
              not be said like this.

            ```
            MUST
            ```
            """);
        List<String> offences = Requirements.unnumbered(building());
        assertEquals(2, offences.size(), offences::toString);
        finds("docs/spec/03-handshake.md:6: says MUST without a number", offences.subList(1, 2));
    }

    @Test
    void aNumberGivenTwice() throws IOException {
        write("docs/spec/03-handshake.md", "- (R3.1) It MUST a.\n- (R3.1) It MUST b.\n");
        finds(
                "docs/spec/03-handshake.md:2: R3.1 stands at docs/spec/03-handshake.md:1",
                Requirements.unnumbered(building()));
    }

    @Test
    void aTestNobodyHas() throws IOException {
        write(
                "names/src/test/java/konce/names/ATest.java",
                "package konce.names; class ATest {\n    void b() {\n    }\n}");
        write("docs/a.md", "`ATest.b` and `ATest.c`\n");
        finds("docs/a.md: there is no test ATest.c", Texts.missingTests(building()));
    }

    @Test
    void aDecoderNobodyFuzzes() throws IOException {
        core("public static A decode(byte[] bytes) { return read(bytes); }"
                + " static A read(byte[] bytes) { return new A(); }"
                + " static A other(byte[] bytes) { return null; } private static A parse(String a) { return null; }");
        List<String> both = Decoders.withoutTarget(building());
        assertEquals(2, both.size(), both::toString);
        assertTrue(both.getFirst().contains("A.java: konce/protocol/A.decode([B)"), both::toString);
        write(
                "fuzz/src/test/java/konce/protocol/Targets.java",
                "package konce.protocol; class Targets { java.util.function.Function<byte[], A> a = A::read; }");
        finds("A.java: konce/protocol/A.decode([B)", Decoders.withoutTarget(building()));
        write(
                "fuzz/src/test/java/konce/protocol/Targets.java",
                "package konce.protocol; class Targets { A a() { return A.decode(new byte[0]); } }");
        assertEquals(List.of(), Decoders.withoutTarget(building()));
    }

    @Test
    void anExceptionNobodyNeeds() throws IOException {
        core("");
        assertEquals(Decoders.NONE.size(), Decoders.unneeded(building()).size());
    }

    /// One class of the core with this in its second line.
    private void core(String members) throws IOException {
        write("protocol/src/main/java/konce/protocol/A.java", "package konce.protocol; class A {\n" + members + "}");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /// Compiles what was written, each module into its own target folder, and reads it.
    private Building building() throws IOException {
        List<Path> roots;
        try (Stream<Path> files = Files.walk(root)) {
            roots = files.filter(f ->
                            f.endsWith(Path.of("src", "main", "java")) || f.endsWith(Path.of("src", "test", "java")))
                    .toList();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        for (Path sources : roots) {
            boolean test = sources.endsWith(Path.of("test", "java"));
            Path target = sources.getParent().getParent().resolveSibling("target");
            Path classes = Files.createDirectories(target.resolve(test ? "test-classes" : "classes"));
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-implicit:none",
                    "-d",
                    classes.toString(),
                    "-sourcepath",
                    path(roots, sources));
            List<Path> own = new ArrayList<>();
            try (Stream<Path> files = Files.walk(sources)) {
                files.filter(f -> f.toString().endsWith(".java")).forEach(own::add);
            }
            try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
                var messages = new java.io.StringWriter();
                boolean compiled = compiler.getTask(
                                messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(own))
                        .call();
                assertTrue(compiled, messages::toString);
            }
        }
        return Building.at(root);
    }

    /// All source folders; a module descriptor's own alone, since a module sees no other sources.
    private static String path(List<Path> roots, Path sources) {
        return Files.exists(sources.resolve("module-info.java"))
                ? sources.toString()
                : String.join(
                        java.io.File.pathSeparator,
                        roots.stream().map(Path::toString).toList());
    }

    private static void finds(String offence, List<String> offences) {
        assertEquals(1, new TreeSet<>(offences).size(), offences::toString);
        assertTrue(offences.getFirst().contains(offence), () -> offences + " should say: " + offence);
    }
}
