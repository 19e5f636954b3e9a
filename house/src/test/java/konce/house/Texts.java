package konce.house;

import java.lang.classfile.Attributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import konce.house.Building.Compiled;
import konce.house.Building.Source;
import konce.house.Building.Text;

/// What the words of sources, documents and scripts must and must not say.
final class Texts {
    // In pieces, so that these lines do not find themselves.
    private static final Pattern UNFINISHED = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern PRIVATE_PLACE = Pattern.compile("/wo" + "rk/|\\.lib" + "rary\\b");

    private static final Pattern METHOD = Pattern.compile("^    (?:public )?\\w[\\w<>]* (\\w+)\\(.*\\{$");
    private static final Pattern CITED_TEST = Pattern.compile("`(\\w+Test)\\.(\\w+)`");

    private Texts() {}

    /// Lines that put work off.
    static List<String> unfinished(Building building) {
        return lines(building, UNFINISHED, "do it, or write down in docs/decisions why not");
    }

    /// Lines that name a folder of some machine.
    static List<String> privatePlaces(Building building) {
        return lines(building, PRIVATE_PLACE, "name nothing outside the repository");
    }

    /// Tests that documents name and nobody has.
    static List<String> missingTests(Building building) {
        Set<String> tests = new HashSet<>();
        for (Source source : building.sources()) {
            String name = source.text().path().replaceAll(".*/|\\.java$", "");
            for (String line : source.text().lines()) {
                Matcher method = METHOD.matcher(line);
                if (source.test() && method.find()) {
                    tests.add(name + "." + method.group(1));
                }
            }
        }
        List<String> offences = new ArrayList<>();
        for (Text text : building.texts()) {
            for (String line : text.path().endsWith(".md") ? text.lines() : List.<String>of()) {
                Matcher cited = CITED_TEST.matcher(line);
                while (cited.find()) {
                    if (!tests.contains(cited.group(1) + "." + cited.group(2))) {
                        offences.add(text.path() + ": there is no test " + cited.group(1) + "." + cited.group(2)
                                + "; name the one that is");
                    }
                }
            }
        }
        return offences;
    }

    /// Packages of main sources without a door sign: a package-info.java, its comment before the package line.
    static List<String> doorSigns(Building building) {
        List<String> offences = new ArrayList<>();
        Set<String> signed = new HashSet<>();
        for (Source source : building.sources()) {
            if (!source.test() && source.isNamed("package-info.java") && isSigned(source.text())) {
                signed.add(folder(source));
            }
        }
        Set<String> said = new HashSet<>();
        for (Source source : building.sources()) {
            String folder = folder(source);
            if (!source.test() && !folder.endsWith("/java") && !signed.contains(folder) && said.add(folder)) {
                offences.add(folder + ": give it a package-info.java, with a comment before the package line that says"
                        + " what the room is for, how to enter and what it may import");
            }
        }
        return offences;
    }

    /// Modules that are no Java modules, each for the reason its package gives; there the package is null-marked.
    private static final Set<String> ON_THE_CLASS_PATH = Set.of("cluster");

    /// Modules with main sources that are not null-marked, or say not what they are.
    static List<String> nullMarks(Building building) {
        List<String> offences = new ArrayList<>();
        Set<String> marked = new HashSet<>();
        for (Compiled compiled : building.compiled()) {
            boolean says = compiled.model().isModuleInfo()
                    || (ON_THE_CLASS_PATH.contains(compiled.module())
                            && compiled.source().isNamed("package-info.java"));
            if (says
                    && compiled.model()
                            .findAttribute(Attributes.runtimeVisibleAnnotations())
                            .filter(a -> a.annotations().stream()
                                    .anyMatch(b -> b.className().equalsString("Lorg/jspecify/annotations/NullMarked;")))
                            .isPresent()
                    && compiled.source().text().lines().stream().anyMatch(line -> line.startsWith("///"))) {
                marked.add(compiled.module());
            }
        }
        Set<String> said = new HashSet<>();
        for (Source source : building.sources()) {
            if (!source.test() && !marked.contains(source.module()) && said.add(source.module())) {
                offences.add(source.module() + "/src/main/java/module-info.java: begin it with a `///` comment and"
                        + " @org.jspecify.annotations.NullMarked");
            }
        }
        return offences;
    }

    private static boolean isSigned(Text text) {
        for (String line : text.lines()) {
            if (line.startsWith("package ")) {
                return false;
            }
            if (line.startsWith("///") || line.startsWith("/**")) {
                return true;
            }
        }
        return false;
    }

    private static String folder(Source source) {
        String path = source.text().path();
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static List<String> lines(Building building, Pattern pattern, String instead) {
        List<String> offences = new ArrayList<>();
        for (Text text : building.texts()) {
            int number = 0;
            for (String line : text.lines()) {
                number++;
                if (pattern.matcher(line).find()) {
                    offences.add(text.path() + ":" + number + ": " + line.strip() + "; " + instead);
                }
            }
        }
        return offences;
    }
}
