package konce.bench.process;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The child's side: questions come as lines on standard input, answers go as lines of JSON to standard output.
/// Whatever the program itself prints goes to standard error.
public final class Answering {
    /// Answers one question.
    public interface Answerer {
        /// @param words of the question
        /// @return a record; it becomes the JSON of the answer
        Object answer(String[] words) throws Exception;
    }

    private static final Gson GSON = new Gson();

    private Answering() {}

    /// Answers until there are no more questions, then ends the process, whatever it is at. What goes wrong is an
    /// answer too.
    public static void run(Answerer answerer) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        ExecutorService worker = Executors.newSingleThreadExecutor();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            String question = line;
            worker.execute(() -> {
                answers.println(answer(answerer, question));
                answers.flush();
            });
        }
        // Halted rather than exited: the libraries' own threads and hooks have nothing left to do.
        Runtime.getRuntime().halt(0);
    }

    private static String answer(Answerer answerer, String line) {
        JsonObject answer = new JsonObject();
        try {
            answer.add("value", GSON.toJsonTree(answerer.answer(line.split(" "))));
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            answer.addProperty("problem", e.toString());
        }
        return GSON.toJson(answer);
    }
}
