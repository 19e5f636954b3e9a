package konce.bench;

import java.io.IOException;
import java.util.Arrays;

/// Where `./konce bench` begins.
public final class Main {
    private static final int EXIT_MISTAKE = 2;
    private static final String USAGE = """
            usage: ./konce bench micro [NAME...] [JMH OPTIONS]    (-l lists the names, -h the options)
                   ./konce bench bulk [--datagram BYTES] [--session NUMBER] [--message BYTES]
                                      [--outstanding COUNT] [--seconds COUNT]
            """;

    private Main() {}

    /// Runs what is named first, with the arguments behind it.
    public static void main(String[] args) throws IOException, InterruptedException {
        String kind = args.length == 0 ? "" : args[0];
        String[] rest = Arrays.copyOfRange(args, Math.min(1, args.length), args.length);
        switch (kind) {
            case "micro" -> org.openjdk.jmh.Main.main(rest);
            case "bulk" -> BulkRun.main(rest);
            default -> {
                System.err.println(USAGE);
                System.exit(EXIT_MISTAKE);
            }
        }
    }
}
