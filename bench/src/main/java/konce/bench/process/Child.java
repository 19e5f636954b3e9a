package konce.bench.process;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process of ours that answers questions, one at a time.
public final class Child implements AutoCloseable {
    /// How long an orderly end may take.
    private static final long CLOSE_SECONDS_MAX = 2;

    private static final Gson GSON = new Gson();
    private static final String END = "";

    private final String name;
    private final Process process;
    private final BufferedWriter questions;
    private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();

    Child(String name, Process process) {
        this.name = name;
        this.process = process;
        questions = process.outputWriter();
        Thread.ofVirtual().name("answers of " + name).start(() -> read(process.inputReader()));
    }

    /// What people call it.
    public String name() {
        return name;
    }

    /// Asks, and waits for the answer.
    ///
    /// @param type of the record that the answer becomes
    /// @throws ChildException when it says that it failed, or says nothing
    public <T> T ask(Class<T> type, long secondsMax, String question) throws ChildException, InterruptedException {
        try {
            questions.write(question);
            questions.newLine();
            questions.flush();
        } catch (IOException e) {
            throw new ChildException(name + " has ended before '" + question + "'", e);
        }
        String line = answers.poll(secondsMax, TimeUnit.SECONDS);
        if (line == null) {
            throw new ChildException(name + " does not answer '" + question + "' within " + secondsMax + " s", null);
        }
        if (line.equals(END)) {
            answers.add(END);
            throw new ChildException(name + " has ended at '" + question + "'", null);
        }
        JsonObject answer = JsonParser.parseString(line).getAsJsonObject();
        if (answer.has("problem")) {
            throw new ChildException(
                    name + ", '" + question + "': " + answer.get("problem").getAsString(), null);
        }
        return GSON.fromJson(answer.get("value"), type);
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /// Ends it: kindly, then not.
    @Override
    public void close() {
        try {
            questions.close();
            if (!process.waitFor(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException e) {
            // It has ended already.
            process.destroy();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read(BufferedReader from) {
        try (from) {
            for (@Nullable String line = from.readLine(); line != null; line = from.readLine()) {
                answers.add(line);
            }
        } catch (IOException | UncheckedIOException e) {
            // It has ended.
            process.destroy();
        }
        answers.add(END);
    }
}
