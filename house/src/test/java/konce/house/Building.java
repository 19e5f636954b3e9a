package konce.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.attribute.SourceFileAttribute;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The whole repository, as the house rules look at it.
///
/// @param root the folder with all modules
/// @param compiled every class file that has a source among `sources`: leftovers of deleted sources are passed over
/// @param sources every Java source of every module
/// @param texts every text file a person wrote, the sources among them
record Building(Path root, List<Compiled> compiled, List<Source> sources, List<Text> texts) {
    private static final Set<String> NOT_WRITTEN_BY_US = Set.of("target", ".git", ".idea", ".cifuzz-corpus");
    private static final Set<String> BINARY = Set.of("bin", "png", "jpg", "gz", "xz", "zip", "jar", "class", "pcap");

    /// A text file.
    ///
    /// @param path from the root, with `/`
    record Text(String path, List<String> lines) {}

    /// A Java source.
    ///
    /// @param module the folder of its module
    /// @param test whether it is a test's
    record Source(String module, boolean test, Text text) {
        boolean isNamed(String name) {
            return text.path.endsWith("/" + name);
        }
    }

    /// A class file and the source it came from.
    record Compiled(ClassModel model, Source source) {
        String internalName() {
            return model.thisClass().asInternalName();
        }

        String packageName() {
            return packageOf(internalName());
        }

        String module() {
            return source.module;
        }

        boolean isMain() {
            return !source.test;
        }
    }

    /// The package of an internal name, with dots.
    static String packageOf(String internalName) {
        int slash = internalName.lastIndexOf('/');
        return slash < 0 ? "" : internalName.substring(0, slash).replace('/', '.');
    }

    /// Reads the repository at `root`; its modules must have been compiled.
    static Building at(Path root) {
        try {
            List<Text> texts = texts(root);
            List<Source> sources = new ArrayList<>();
            for (Text text : texts) {
                // module/src/main/java/...
                String[] steps = text.path.split("/");
                if (text.path.endsWith(".java") && steps.length > 4 && steps[1].equals("src")) {
                    sources.add(new Source(steps[0], steps[2].equals("test"), text));
                }
            }
            return new Building(root, compiled(root, sources), sources, texts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The repository these tests stand in.
    static Building here() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("verify"))) {
                return at(folder);
            }
        }
        throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " holds the repository");
    }

    private static List<Text> texts(Path root) throws IOException {
        List<Text> texts = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_WRITTEN_BY_US.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                if (attributes.isRegularFile()
                        && !NOT_WRITTEN_BY_US.contains(name)
                        && !BINARY.contains(name.substring(name.lastIndexOf('.') + 1))) {
                    String path = root.relativize(file).toString().replace('\\', '/');
                    texts.add(new Text(
                            path,
                            new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                                    .lines()
                                    .toList()));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return texts;
    }

    private static List<Compiled> compiled(Path root, List<Source> sources) throws IOException {
        Map<String, Source> byPath = new HashMap<>();
        Set<String> folders = new java.util.TreeSet<>();
        for (Source source : sources) {
            byPath.put(source.text.path, source);
            folders.add(source.module + (source.test ? "/src/test/java/" : "/src/main/java/"));
        }
        List<Compiled> compiled = new ArrayList<>();
        for (String folder : folders) {
            String module = folder.substring(0, folder.indexOf('/'));
            Path classes = root.resolve(module, "target", folder.contains("/test/") ? "test-classes" : "classes");
            if (!Files.isDirectory(classes)) {
                throw new IllegalStateException(folder + " has not been compiled: run ./verify house");
            }
            try (Stream<Path> files = Files.walk(classes)) {
                for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
                    ClassModel model = ClassFile.of().parse(file);
                    Source source = byPath.get(folder + sourcePath(model));
                    if (source != null) {
                        compiled.add(new Compiled(model, source));
                    }
                }
            }
        }
        return compiled;
    }

    private static String sourcePath(ClassModel model) {
        String name = model.findAttribute(Attributes.sourceFile())
                .map(SourceFileAttribute::sourceFile)
                .map(Object::toString)
                .orElse("");
        String folder = packageOf(model.thisClass().asInternalName()).replace('.', '/');
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}
