package konce.house;

import com.sun.source.tree.BindingPatternTree;
import com.sun.source.tree.CaseLabelTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DeconstructionPatternTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PatternCaseLabelTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import konce.house.Building.Compiled;
import konce.house.Building.Source;

/// How large a thing may be, what it may be called, and what it may hold. Read from the syntax trees of the sources.
final class Shape {
    static final int FILE_LINES_MAX = 600;
    static final int METHOD_LINES_MAX = 70;
    static final int PARAMETERS_MAX = 7;

    /// Sources whose methods may have more parameters, and why.
    private static final Map<String, String> MANY_PARAMETERS = Map.of(
            "crypto/src/main/java/konce/crypto/Sodium.java",
            "mirrors C functions, whose parameters are not ours to choose");

    private static final Pattern EMPTY_NAME = Pattern.compile(".+(Impl|Utils?|Manager|Helper)|Abstract[A-Z].*");

    /// What was found, one list for each rule.
    ///
    /// @param files too long
    /// @param methods too long; lambdas too
    /// @param parameters too many
    /// @param names that say nothing
    /// @param statics that can change, in main sources
    /// @param defaults in a switch over a sealed type of ours
    record Findings(
            List<String> files,
            List<String> methods,
            List<String> parameters,
            List<String> names,
            List<String> statics,
            List<String> defaults) {
        Findings() {
            this(
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>(),
                    new ArrayList<>());
        }
    }

    private Shape() {}

    /// Looks at every source.
    static Findings of(Building building) {
        Findings findings = new Findings();
        Map<URI, Source> sources = new HashMap<>();
        List<JavaFileObject> files = new ArrayList<>();
        for (Source source : building.sources()) {
            int lines = source.text().lines().size();
            if (lines > FILE_LINES_MAX) {
                findings.files.add(source.text().path() + ": " + lines + " lines, more than " + FILE_LINES_MAX
                        + "; one concept, one file");
            }
            if (!source.isNamed("module-info.java")) {
                JavaFileObject file = asFile(source);
                sources.put(file.toUri(), source);
                files.add(file);
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, files);
        Trees trees = Trees.instance(task);
        Set<String> sealed = casesOfSealedTypes(building);
        try {
            for (CompilationUnitTree unit : task.parse()) {
                Source source = sources.get(unit.getSourceFile().toUri());
                new Scanner(source, unit, trees, sealed, findings).scan(unit, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return findings;
    }

    private static JavaFileObject asFile(Source source) {
        String text = String.join("\n", source.text().lines());
        return new SimpleJavaFileObject(URI.create("string:///" + source.text().path()), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }

    /// The simple names of all classes that a sealed type of ours permits.
    private static Set<String> casesOfSealedTypes(Building building) {
        Set<String> names = new HashSet<>();
        for (Compiled compiled : building.compiled()) {
            compiled.model()
                    .findAttribute(java.lang.classfile.Attributes.permittedSubclasses())
                    .ifPresent(permitted -> {
                        for (var permittedClass : permitted.permittedSubclasses()) {
                            String name = permittedClass.asInternalName();
                            names.add(name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('$')) + 1));
                        }
                    });
        }
        return names;
    }

    private static final class Scanner extends TreePathScanner<Void, Void> {
        private final Source source;
        private final CompilationUnitTree unit;
        private final Trees trees;
        private final Set<String> sealed;
        private final Findings findings;

        Scanner(Source source, CompilationUnitTree unit, Trees trees, Set<String> sealed, Findings findings) {
            this.source = source;
            this.unit = unit;
            this.trees = trees;
            this.sealed = sealed;
            this.findings = findings;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            String name = type.getSimpleName().toString();
            if (EMPTY_NAME.matcher(name).matches()) {
                findings.names.add(place(type) + ": " + name + "; say what it is, not that it is one");
            }
            for (Tree member : type.getMembers()) {
                if (member instanceof VariableTree field && !source.test() && isChangingStatic(type, field)) {
                    findings.statics.add(place(field) + ": static " + field.getName()
                            + " can change; give it to the object that owns it, or make it final");
                }
            }
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            long lines = lines(method);
            if (lines > METHOD_LINES_MAX) {
                findings.methods.add(place(method) + ": " + method.getName() + " has " + lines + " lines, more than "
                        + METHOD_LINES_MAX + "; one method decides, others compute");
            }
            int parameters = method.getParameters().size();
            if (parameters > PARAMETERS_MAX
                    && !isCanonical(method, parameters)
                    && !MANY_PARAMETERS.containsKey(source.text().path())) {
                findings.parameters.add(place(method) + ": " + method.getName() + " has " + parameters
                        + " parameters, more than " + PARAMETERS_MAX + "; make a record of those that belong together");
            }
            return super.visitMethod(method, null);
        }

        @Override
        public Void visitLambdaExpression(LambdaExpressionTree lambda, Void nothing) {
            if (lines(lambda) > METHOD_LINES_MAX) {
                findings.methods.add(place(lambda) + ": a lambda has " + lines(lambda) + " lines, more than "
                        + METHOD_LINES_MAX + "; give it a name");
            }
            return super.visitLambdaExpression(lambda, null);
        }

        @Override
        public Void visitSwitch(SwitchTree tree, Void nothing) {
            checkDefault(tree.getCases());
            return super.visitSwitch(tree, null);
        }

        @Override
        public Void visitSwitchExpression(SwitchExpressionTree tree, Void nothing) {
            checkDefault(tree.getCases());
            return super.visitSwitchExpression(tree, null);
        }

        private void checkDefault(List<? extends CaseTree> cases) {
            boolean ours = false;
            Tree otherwise = null;
            for (CaseTree each : cases) {
                for (CaseLabelTree label : each.getLabels()) {
                    if (label instanceof DefaultCaseLabelTree) {
                        otherwise = each;
                    } else if (label instanceof PatternCaseLabelTree pattern) {
                        ours |= sealed.contains(simpleName(typeOf(pattern)));
                    }
                }
            }
            if (ours && otherwise != null) {
                findings.defaults.add(
                        place(otherwise)
                                + ": default in a switch over a sealed type of ours; name every case, so that a new one is missed by javac");
            }
        }

        private static Tree typeOf(PatternCaseLabelTree label) {
            return switch (label.getPattern()) {
                case BindingPatternTree binding -> binding.getVariable().getType();
                case DeconstructionPatternTree record -> record.getDeconstructor();
                default -> label.getPattern();
            };
        }

        private static String simpleName(Tree type) {
            String text = String.valueOf(type);
            int generic = text.indexOf('<');
            String name = generic < 0 ? text : text.substring(0, generic);
            return name.substring(name.lastIndexOf('.') + 1);
        }

        /// A static field that is not final; the fields of an interface and the constants of an enum always
        /// are.
        private static boolean isChangingStatic(ClassTree type, VariableTree field) {
            Set<Modifier> flags = field.getModifiers().getFlags();
            return type.getKind() != Tree.Kind.INTERFACE
                    && flags.contains(Modifier.STATIC)
                    && !flags.contains(Modifier.FINAL);
        }

        /// A record's canonical constructor has as many parameters as the record has components.
        private boolean isCanonical(MethodTree method, int parameters) {
            TreePath parent = getCurrentPath().getParentPath();
            if (!method.getName().contentEquals("<init>")
                    || !(parent.getLeaf() instanceof ClassTree type)
                    || type.getKind() != Tree.Kind.RECORD) {
                return false;
            }
            long components = type.getMembers().stream()
                    .filter(member -> member instanceof VariableTree field
                            && !field.getModifiers().getFlags().contains(Modifier.STATIC))
                    .count();
            return components == parameters;
        }

        private String place(Tree tree) {
            return source.text().path() + ":" + line(trees.getSourcePositions().getStartPosition(unit, tree));
        }

        private long lines(Tree tree) {
            long start = trees.getSourcePositions().getStartPosition(unit, tree);
            long end = trees.getSourcePositions().getEndPosition(unit, tree);
            return end < 0 ? 0 : line(end) - line(start) + 1;
        }

        private long line(long position) {
            return unit.getLineMap().getLineNumber(position);
        }
    }
}
