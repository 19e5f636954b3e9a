package konce.bench.attack;

import java.io.IOException;
import java.nio.file.Path;
import konce.bench.process.Answering;
import org.jspecify.annotations.Nullable;

/// A process of a flood: a victim, somebody who floods it, or honest clients. It is asked
///
/// - `listen NAME` (a victim): [Listening]; then `sample`: [Sample]
/// - `aim NAME ADDRESS` (a flooder); then `flood KIND MILLIS COUNT PER_SECOND BURST`: [Flooder.Flooded]
/// - `connect NAME ADDRESS CLIENTS APART` (honest clients); then `visit PER_SECOND MILLIS`: [Honest.Visits]
public final class AttackMain implements Answering.Answerer {
    /// Where a victim listens.
    public record Listening(String address) {}

    /// Done.
    public record Ready(boolean ready) {}

    private final Path scratch;
    private @Nullable Victim victim;
    private @Nullable Flooder flooder;
    private @Nullable Honest honest;

    private AttackMain(Path scratch) {
        this.scratch = scratch;
    }

    /// @param args the folder with the certificate
    public static void main(String[] args) throws IOException {
        Answering.run(new AttackMain(Path.of(args[0])));
    }

    @Override
    public Object answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "listen" -> listen(words[1]);
            case "sample" -> require(victim).sample();
            case "aim" -> aim(words[1], words[2]);
            case "flood" -> require(flooder).flood(Flood.of(words[1]), force(words));
            case "connect" -> connect(words);
            case "visit" -> require(honest).visit(Double.parseDouble(words[1]), Long.parseLong(words[2]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    private Listening listen(String name) throws Exception {
        Victim made = Victim.listen(name, scratch);
        victim = made;
        return new Listening(made.address());
    }

    private Ready aim(String name, String address) {
        flooder = Flooders.at(name, address, scratch);
        return new Ready(true);
    }

    private Ready connect(String[] words) throws Exception {
        honest =
                Honest.connect(words[1], words[2], Integer.parseInt(words[3]), Boolean.parseBoolean(words[4]), scratch);
        return new Ready(true);
    }

    private static Flooder.Force force(String[] words) {
        return new Flooder.Force(
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                Long.parseLong(words[4]),
                Integer.parseInt(words[5]));
    }

    private static <T> T require(@Nullable T made) {
        if (made == null) {
            throw new IllegalStateException("asked too early");
        }
        return made;
    }
}
