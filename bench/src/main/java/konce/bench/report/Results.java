package konce.bench.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All that one run has measured.
public final class Results {
    /// A contestant in the tables.
    ///
    /// @param name as it is typed
    /// @param title as it is shown
    /// @param tuning how it is tuned, and who advises it
    public record Entrant(String name, String title, List<String> tuning) {}

    /// A contestant that failed.
    public record Failure(String contestant, String discipline, String why) {}

    private record Key(Measure measure, String contestant) {}

    private final Map<String, Entrant> entrants = new LinkedHashMap<>();
    private final Map<String, String> circumstances = new LinkedHashMap<>();
    private final Map<Key, Series> series = new LinkedHashMap<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Bar> bars = new ArrayList<>();
    private final List<String> unmeasured = new ArrayList<>();

    /// Says who takes part, in the order they are shown.
    public void enter(Entrant entrant) {
        entrants.put(entrant.name, entrant);
    }

    /// Says something about the run: its machine, its time.
    public void note(String what, String value) {
        circumstances.put(what, value);
    }

    public void add(Measure measure, String contestant, int round, double sample) {
        series.computeIfAbsent(new Key(measure, contestant), _ -> new Series(measure, contestant))
                .add(round, sample);
    }

    public void fail(String contestant, String discipline, String why) {
        failures.add(new Failure(contestant, discipline, why));
    }

    /// Says what the bars came to.
    ///
    /// @param names of bars for which something was not measured
    public void judge(Collection<Bar> judged, Collection<String> names) {
        bars.addAll(judged);
        unmeasured.addAll(names);
    }

    public Map<String, String> circumstances() {
        return circumstances;
    }

    public Collection<Entrant> entrants() {
        return entrants.values();
    }

    public String title(String contestant) {
        Entrant entrant = entrants.get(contestant);
        return entrant == null ? contestant : entrant.title;
    }

    public List<Failure> failures() {
        return failures;
    }

    public List<Bar> bars() {
        return bars;
    }

    /// Names of bars for which something was not measured.
    public List<String> unmeasured() {
        return unmeasured;
    }

    /// In the order they were first taken.
    public List<Measure> measures() {
        return series.keySet().stream().map(Key::measure).distinct().toList();
    }

    /// The series of one measure, in the order the contestants are shown.
    public List<Series> of(Measure measure) {
        return entrants.keySet().stream()
                .flatMap(name -> find(measure, name).stream())
                .toList();
    }

    public Collection<Series> all() {
        return series.values();
    }

    public Optional<Series> find(Measure measure, String contestant) {
        return Optional.ofNullable(series.get(new Key(measure, contestant)));
    }
}
