package konce.bench.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import konce.bench.peer.Bulk;
import konce.bench.peer.Contestant;
import konce.bench.peer.Discipline;
import konce.bench.peer.Requests;
import konce.bench.process.Child;
import konce.bench.process.ChildException;
import konce.bench.process.Children;
import konce.bench.process.Usage;
import konce.bench.report.Results;

/// One run: discipline by discipline, round by round. Whoever fails is out of that discipline; the others go on.
final class Tournament {
    private static final List<Integer> OUTSTANDING = List.of(1, 16, 256);
    private static final long ANSWER_SECONDS_MAX = 30;

    private final Plan plan;
    private final Children children;
    private final Path scratch;
    private final Results results;
    private final Progress progress;
    private final long steps;
    private long step;

    Tournament(Plan plan, Children children, Path scratch, Results results, Progress progress) {
        this.plan = plan;
        this.children = children;
        this.scratch = scratch;
        this.results = results;
        this.progress = progress;
        steps = plan.disciplines().stream()
                .mapToLong(discipline -> (long) plan.in(discipline).size() * (plan.rounds() + 1))
                .sum();
    }

    void run() throws InterruptedException {
        for (Discipline discipline : plan.disciplines()) {
            List<Pair> pairs = new ArrayList<>();
            try {
                for (Contestant contestant : plan.in(discipline)) {
                    start(discipline, contestant, pairs);
                }
                for (int round = 0; round < plan.rounds(); round++) {
                    for (Pair pair : Plan.order(List.copyOf(pairs), round)) {
                        sample(discipline, pair, round, pairs);
                    }
                }
            } finally {
                pairs.forEach(Pair::close);
            }
        }
    }

    private void start(Discipline discipline, Contestant contestant, List<Pair> pairs) throws InterruptedException {
        progress.at(discipline.word() + " warm-up, " + contestant.name(), step++, steps);
        try {
            Pair pair = Pair.start(children, contestant, discipline, scratch);
            pairs.add(pair);
            try {
                warmUp(discipline, pair.client());
            } catch (ChildException e) {
                fail(discipline, pair, e, pairs);
            }
        } catch (ChildException | IOException e) {
            results.fail(contestant.name(), discipline.word(), String.valueOf(e.getMessage()));
            step += plan.rounds();
        }
    }

    private void sample(Discipline discipline, Pair pair, int round, List<Pair> pairs) throws InterruptedException {
        progress.at(
                discipline.word() + " round " + (round + 1) + ", "
                        + pair.contestant().name(),
                step++,
                steps);
        try {
            switch (discipline) {
                case BULK -> bulk(pair, round);
                case REQUESTS -> {
                    for (int outstanding : OUTSTANDING) {
                        requests(pair, round, outstanding);
                    }
                }
            }
        } catch (ChildException e) {
            fail(discipline, pair, e, pairs);
            step += plan.rounds() - round - 1;
        }
    }

    private void fail(Discipline discipline, Pair pair, ChildException why, List<Pair> pairs) {
        results.fail(pair.contestant().name(), discipline.word(), String.valueOf(why.getMessage()));
        pairs.remove(pair);
        pair.close();
    }

    private void warmUp(Discipline discipline, Child client) throws ChildException, InterruptedException {
        switch (discipline) {
            case BULK -> ask(client, Bulk.Moved.class, "bulk " + plan.warmUpMillis());
            case REQUESTS -> {
                for (int outstanding : OUTSTANDING.reversed()) {
                    ask(
                            client,
                            Requests.Answered.class,
                            "requests " + outstanding + " " + plan.warmUpMillis() / OUTSTANDING.size());
                }
            }
        }
    }

    private void bulk(Pair pair, int round) throws ChildException, InterruptedException {
        Usage before = pair.usage();
        Bulk.Moved moved = ask(pair.client(), Bulk.Moved.class, "bulk " + plan.sampleMillis());
        Usage used = pair.usage().since(before);
        String name = pair.contestant().name();
        results.add(Measures.GOODPUT, name, round, moved.bytes() * 1e9 / moved.nanos());
        results.add(Measures.BULK_CPU, name, round, (double) used.cpuNanos() / moved.bytes());
        results.add(Measures.BULK_GARBAGE, name, round, (double) used.allocatedBytes() / moved.bytes());
    }

    private void requests(Pair pair, int round, int outstanding) throws ChildException, InterruptedException {
        Usage before = pair.usage();
        Requests.Answered answer = ask(
                pair.client(),
                Requests.Answered.class,
                "requests " + outstanding + " " + plan.sampleMillis() / OUTSTANDING.size());
        Usage used = pair.usage().since(before);
        String name = pair.contestant().name();
        results.add(
                Measures.requestRate(outstanding),
                name,
                round,
                answer.requests() * (double) TimeUnit.SECONDS.toNanos(1) / answer.nanos());
        results.add(Measures.requestCpu(outstanding), name, round, (double) used.cpuNanos() / answer.requests());
        results.add(Measures.latency(outstanding, "p50"), name, round, (double) answer.p50Nanos());
        results.add(Measures.latency(outstanding, "p99"), name, round, (double) answer.p99Nanos());
        results.add(Measures.latency(outstanding, "p99.9"), name, round, (double) answer.p999Nanos());
    }

    private <T> T ask(Child client, Class<T> type, String question) throws ChildException, InterruptedException {
        return client.ask(type, ANSWER_SECONDS_MAX, question);
    }
}
