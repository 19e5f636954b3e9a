package konce.cli.chaos;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import konce.cli.Main;
import konce.cli.Terminal;
import konce.crypto.PassphraseKey.Cost;
import konce.crypto.SigningKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.names.AddressSyntaxException;
import konce.names.KeyText;
import konce.names.KonceAddress;
import konce.names.checkpoint.WitnessSet;
import konce.names.encoding.Key;
import konce.names.ledger.Coins;
import konce.names.ledger.Genesis;
import konce.names.ledger.Parameters;
import konce.node.store.CheckedFile;
import konce.registry.RegistryServer;
import konce.registry.WitnessServer;

/// A ledger's machines and witnesses, each with its directory and its process.
///
/// - threads: one
final class Stage implements AutoCloseable {
    private static final long COINS = 100_000;
    private static final long START_SECONDS_MAX = 60;
    private static final long LOOK_MILLIS = 50;
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final Pattern ADDRESS = Pattern.compile("\"address\":\"([^\"]+)\"");

    /// Ports that systems do not give to whoever asks for any.
    private static final int PORT_MIN = 20_000;

    private static final int PORT_MAX = 30_000;

    private final Path directory;
    private final Vault vault = Vault.open(1 << 16);
    private final List<SigningKey> accounts = new ArrayList<>();
    private final List<Path> sequencerPlaces = new ArrayList<>();
    private final List<Path> witnessPlaces = new ArrayList<>();
    private final List<Actor> actors = new ArrayList<>();
    private final List<KonceAddress> addresses = new ArrayList<>();
    private final Genesis genesis;

    /// Makes the directories and the ledger.
    Stage(Path directory, int sequencers, int witnesses, int clients) throws IOException {
        this.directory = directory;
        List<Key> sequencerKeys = new ArrayList<>();
        List<Key> witnessKeys = new ArrayList<>();
        for (int i = 0; i < sequencers; i++) {
            sequencerPlaces.add(Files.createDirectories(directory.resolve("sequencer-" + i)));
            sequencerKeys.add(
                    keyOf("ledger", "run", "--new", sequencerPlaces.get(i).toString()));
        }
        for (int i = 0; i < witnesses; i++) {
            witnessPlaces.add(Files.createDirectories(directory.resolve("witness-" + i)));
            witnessKeys.add(
                    keyOf("ledger", "witness", "--new", witnessPlaces.get(i).toString()));
        }
        List<Genesis.Allocation> allocations = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            SigningKey account = SigningKey.generate(vault, new SystemRandom());
            accounts.add(account);
            allocations.add(new Genesis.Allocation(Key.of(account.verifyingKey()), COINS * Coins.GRAINS_PER_COIN));
        }
        genesis = new Genesis(
                "chaos",
                System.currentTimeMillis() / MILLIS_PER_SECOND,
                Parameters.QUICK,
                allocations,
                new WitnessSet(0, 0, sequencerKeys, witnessKeys));
        for (Path place : sequencerPlaces) {
            RegistryServer.create(place, genesis);
        }
        for (Path place : witnessPlaces) {
            WitnessServer.create(place, genesis);
            CheckedFile.create(place.resolve("genesis"), genesis.encode());
        }
    }

    private Key keyOf(String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment("keys"),
                false,
                _ -> null,
                new Cost(1, 8L << 20));
        Main.run(arguments, terminal);
        try {
            return KeyText.parse(out.toString(StandardCharsets.UTF_8).strip());
        } catch (AddressSyntaxException e) {
            throw new IOException("no key was made: " + err.toString(StandardCharsets.UTF_8), e);
        }
    }

    private Map<String, String> environment(String name) {
        return Map.of("KONCE_HOME", directory.resolve("home-" + name).toString());
    }

    /// Starts everybody, the machines that order first.
    ///
    /// @throws IOException when one of them does not come up
    void start(Starts starts) throws IOException, InterruptedException {
        Set<Integer> ports = freePorts(2 * sequencerPlaces.size());
        List<Integer> each = List.copyOf(ports);
        List<String> members = new ArrayList<>();
        for (int i = 0; i < sequencerPlaces.size(); i++) {
            members.add("127.0.0.1:" + each.get(i));
        }
        for (int i = 0; i < sequencerPlaces.size(); i++) {
            List<String> command = starts.sequencer(List.of(
                    "ledger",
                    "run",
                    sequencerPlaces.get(i).toString(),
                    "--members=" + String.join(",", members),
                    "--listen=127.0.0.1:" + each.get(sequencerPlaces.size() + i),
                    "--no-witness",
                    "--json"));
            actors.add(new Actor("sequencer-" + i, true, command, environment("sequencer-" + i), directory));
            actors.getLast().start();
        }
        for (Actor actor : actors) {
            addresses.add(addressOf(actor));
        }
        for (int i = 0; i < witnessPlaces.size(); i++) {
            List<String> arguments = new ArrayList<>(
                    List.of("ledger", "witness", witnessPlaces.get(i).toString()));
            addresses.forEach(address -> arguments.add(address.toString()));
            actors.add(
                    new Actor("witness-" + i, false, starts.konce(arguments), environment("witness-" + i), directory));
            actors.getLast().start();
        }
    }

    private static KonceAddress addressOf(Actor actor) throws IOException, InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (long left = START_SECONDS_MAX * MILLIS_PER_SECOND;
                left > 0 && !actor.endedByItself();
                left -= LOOK_MILLIS) {
            String text = actor.printed(ADDRESS);
            if (text != null) {
                try {
                    return KonceAddress.parse(text);
                } catch (AddressSyntaxException e) {
                    throw new IOException(actor.name() + " printed no address", e);
                }
            }
            if (never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                break;
            }
        }
        throw new IOException(actor.name() + " does not come up: " + actor.lastWords());
    }

    private static Set<Integer> freePorts(int count) throws IOException {
        SplittableRandom random = new SplittableRandom();
        Set<Integer> free = new HashSet<>();
        InetAddress here = InetAddress.getLoopbackAddress();
        for (int tries = 0; free.size() < count; tries++) {
            int port = random.nextInt(PORT_MIN, PORT_MAX);
            try (ServerSocket _ = new ServerSocket(port, 1, here);
                    DatagramSocket _ = new DatagramSocket(new InetSocketAddress(here, port))) {
                free.add(port);
            } catch (IOException e) {
                if (tries > PORT_MAX - PORT_MIN) {
                    throw e;
                }
            }
        }
        return free;
    }

    List<Actor> actors() {
        return actors;
    }

    /// How many of the machines that order, or of the witnesses, can be done without.
    int spare(boolean ordering) {
        return ordering ? (sequencerPlaces.size() - 1) / 2 : genesis.witnesses().liarsMax();
    }

    List<SigningKey> accounts() {
        return accounts;
    }

    Genesis genesis() {
        return genesis;
    }

    /// Where each machine that orders answers.
    List<KonceAddress> addresses() {
        return addresses;
    }

    List<Path> sequencerPlaces() {
        return sequencerPlaces;
    }

    List<Path> witnessPlaces() {
        return witnessPlaces;
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        for (Actor actor : actors) {
            try {
                actor.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        vault.close();
    }
}
