package konce.bench;

import java.io.IOException;
import java.util.Arrays;

/// Where `./konce bench` begins.
public final class Main {
    private static final int EXIT_MISTAKE = 2;

    private Main() {}

    /// Runs what is named first, with the arguments behind it.
    public static void main(String[] args) throws IOException {
        String kind = args.length == 0 ? "" : args[0];
        if (!kind.equals("micro")) {
            System.err.println(
                    "usage: ./konce bench micro [NAME...] [JMH OPTIONS]    (-l lists the names, -h the options)");
            System.exit(EXIT_MISTAKE);
        }
        org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
    }
}
