package konce.house;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import konce.house.Building.Source;
import konce.house.Building.Text;

/// The requirements of docs/spec, `(R3.7)`, and the comments of code and tests that cite them, `R3.7`.
final class Requirements {
    /// Requirements that nothing here can cite, each with the reason.
    private static final Map<String, String> EXEMPT = Map.of();

    private static final Pattern CHAPTER = Pattern.compile("docs/spec/(\\d+)-[^/]*\\.md");
    private static final Pattern ANCHOR = Pattern.compile("\\(R(\\d+)\\.(\\d+)\\)");
    private static final Pattern CITATION = Pattern.compile("\\bR(\\d+)\\.(\\d+)\\b");
    private static final Pattern COMMENT = Pattern.compile("(//|^\\s*\\*|/\\*)(.*)");
    private static final Pattern DUTY = Pattern.compile("\\bMUST\\b");
    private static final Pattern QUOTED = Pattern.compile("`[^`]*`|\"[^\"]*\"|“[^”]*”|\\*\\*[^*]*\\*\\*");

    /// A requirement's number, in order of chapters.
    private record Id(int chapter, int number) implements Comparable<Id> {
        static Id of(Matcher matcher) {
            return new Id(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        }

        @Override
        public int compareTo(Id other) {
            return chapter != other.chapter
                    ? Integer.compare(chapter, other.chapter)
                    : Integer.compare(number, other.number);
        }

        @Override
        public String toString() {
            return "R" + chapter + "." + number;
        }
    }

    private Requirements() {}

    /// Requirements that no comment of a main source, or none of a test, cites; and citations of none.
    static List<String> uncited(Building building) {
        Map<Id, String> places = new TreeMap<>();
        for (Text text : building.texts()) {
            if (CHAPTER.matcher(text.path()).matches()) {
                anchors(text, places, new ArrayList<>());
            }
        }
        Map<Id, String> inMain = new TreeMap<>();
        Map<Id, String> inTests = new TreeMap<>();
        for (Source source : building.sources()) {
            if (!source.module().equals("house")) {
                citations(source, source.test() ? inTests : inMain);
            }
        }
        List<String> offences = new ArrayList<>();
        places.forEach((id, place) -> {
            if (!EXEMPT.containsKey(id.toString())) {
                String missing = (inMain.containsKey(id) ? "" : " code") + (inTests.containsKey(id) ? "" : " test");
                if (!missing.isEmpty()) {
                    offences.add(
                            place + ": " + id + " is cited by no" + missing.replace(" code test", " code and no test")
                                    + "; keep it, and write // " + id + " where it is kept and tested");
                }
            }
        });
        Map<Id, String> cited = new TreeMap<>(inTests);
        cited.putAll(inMain);
        cited.forEach((id, place) -> {
            if (!places.containsKey(id)) {
                offences.add(place + ": " + id + " is no requirement of docs/spec; cite the one that is meant");
            }
        });
        return offences;
    }

    /// Items and paragraphs of docs/spec that say MUST without a number; numbers given twice, or of another
    /// chapter.
    static List<String> unnumbered(Building building) {
        List<String> offences = new ArrayList<>();
        Map<Id, String> places = new HashMap<>();
        for (Text text : building.texts()) {
            if (CHAPTER.matcher(text.path()).matches()) {
                anchors(text, places, offences);
                for (Block block : blocks(text)) {
                    String said = QUOTED.matcher(block.text).replaceAll("");
                    if (DUTY.matcher(said).find() && !ANCHOR.matcher(block.text).find()) {
                        offences.add(text.path() + ":" + block.line
                                + ": says MUST without a number; begin or end it with one, such as (R3.7)");
                    }
                }
            }
        }
        return offences;
    }

    private static void anchors(Text text, Map<Id, String> places, List<String> offences) {
        Matcher name = CHAPTER.matcher(text.path());
        int chapter = name.matches() ? Integer.parseInt(name.group(1)) : -1;
        Set<Id> here = new HashSet<>();
        int line = 0;
        for (String words : text.lines()) {
            line++;
            Matcher matcher = ANCHOR.matcher(words);
            while (matcher.find()) {
                Id id = Id.of(matcher);
                String place = text.path() + ":" + line;
                if (id.chapter != chapter) {
                    // A reference to another chapter's.
                    continue;
                }
                if (!here.add(id)) {
                    offences.add(place + ": " + id + " stands at " + places.get(id) + " already; refer to it without"
                            + " parentheses, or take the next number");
                }
                places.putIfAbsent(id, place);
            }
        }
    }

    private static void citations(Source source, Map<Id, String> places) {
        int line = 0;
        for (String words : source.text().lines()) {
            line++;
            Matcher comment = COMMENT.matcher(words);
            if (!comment.find()) {
                continue;
            }
            Matcher matcher = CITATION.matcher(comment.group(2));
            while (matcher.find()) {
                places.putIfAbsent(Id.of(matcher), source.text().path() + ":" + line);
            }
        }
    }

    /// A list item or paragraph.
    private record Block(int line, String text) {}

    private static List<Block> blocks(Text text) {
        List<Block> blocks = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        boolean code = false;
        int started = 1;
        int line = 0;
        for (String next : text.lines()) {
            line++;
            boolean fence = next.strip().startsWith("```");
            code ^= fence;
            boolean begins = next.isBlank() || fence || next.strip().matches("([-*+|#]|\\d+\\.).*");
            if (begins && !words.isEmpty()) {
                blocks.add(new Block(started, words.toString()));
                words.setLength(0);
            }
            if (!code && !fence && !next.isBlank()) {
                if (words.isEmpty()) {
                    started = line;
                }
                words.append(next).append(' ');
            }
        }
        blocks.add(new Block(started, words.toString()));
        return blocks;
    }
}
