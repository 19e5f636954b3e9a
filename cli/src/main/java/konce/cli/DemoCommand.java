package konce.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `konce demo`.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "See everything once: nothing to set up, nothing stays.",
            "",
            "A server behind a puzzle and a client, both in this process and on the loopback interface: a name registered"
                    + " on a ledger with witnesses and resolved with every check, a message to it and its answer, a file"
                    + " copied, a web site reached through Konce. Status 1 unless every part was right."
        },
        footer = {"", "Examples:", "  konce demo", "  konce demo --check      only whether each part was right"})
final class DemoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Option(names = "--check", description = "Say only whether each part was right.")
    boolean check;

    @Option(names = "--json", description = "Print the result as one JSON object on one line.")
    boolean json;

    DemoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        long start = System.nanoTime();
        List<Demo.Part> parts;
        try (Demo demo = new Demo(line -> {
            if (!check && !json) {
                terminal.out().println(line);
            }
        })) {
            parts = demo.run();
        }
        boolean right = parts.stream().allMatch(Demo.Part::isRight);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (json) {
            terminal.out().println(json(parts, right, seconds));
        } else {
            parts.forEach(this::print);
            if (!check) {
                printHowTo();
            }
        }
        return right ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private void print(Demo.Part part) {
        String word = part.isRight() ? terminal.green("right") : terminal.red("WRONG");
        String time = String.format(Locale.ROOT, "%.0f ms", part.milliseconds());
        terminal.out().println(word + "  " + part.name() + "  " + time + (part.isRight() ? "" : "  " + part.problem()));
    }

    private static JsonLine json(List<Demo.Part> parts, boolean right, double seconds) {
        List<JsonLine> shown = new ArrayList<>();
        for (Demo.Part part : parts) {
            shown.add(new JsonLine()
                    .with("part", part.name())
                    .with("right", part.isRight())
                    .with("problem", part.problem())
                    .with("milliseconds", part.milliseconds()));
        }
        return new JsonLine().with("right", right).with("seconds", seconds).with("parts", shown);
    }

    private void printHowTo() {
        terminal.out().println("""

                        Each part by hand, with two terminals:
                          konce serve --echo --files . --forward 127.0.0.1:8000      in one; it prints its address
                          konce peers add me konce1...@127.0.0.1:413                 in the other, with that address
                          konce ping me
                          konce send me hello
                          konce ls me
                          konce copy me:README.md /tmp
                          konce connect me --listen 127.0.0.1:8080                   then open http://127.0.0.1:8080
                        and a name, with a third:
                          konce ledger init --quick                                  once; then, and let it run:
                          konce ledger run
                          konce name register shop
                          konce name bind shop konce1...@127.0.0.1:413               with the server's address
                          konce send shop hello""");
    }
}
