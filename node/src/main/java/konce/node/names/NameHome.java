package konce.node.names;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import konce.names.AddressSyntaxException;
import konce.names.KonceAddress;
import konce.names.binding.ServerBinding;
import konce.names.checkpoint.Equivocation;
import konce.names.client.ClientRecord;
import konce.names.client.LightClient;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hashing;
import konce.names.encoding.MalformedException;
import konce.names.ledger.Genesis;
import konce.node.store.AtomicFile;
import konce.node.store.CheckedFile;
import konce.node.store.DamagedFileException;

/// What one user's names rest on, in a directory: the ledger's genesis, whom to ask, what was believed, what may be
/// used again, and evidence of lies.
///
/// - files: `genesis`, `registries` (an address a line), `believed`, `cache`, `evidence/height-HEIGHT-HASH`
/// - threads: any
///
/// @param directory where they are
public record NameHome(Path directory) {
    /// Answers that are kept for use again.
    public static final int CACHED_MAX = 4_096;

    /// Pieces of evidence that are kept: one is enough to stop believing a witness.
    public static final int EVIDENCE_MAX = 64;

    private static final int EVIDENCE_DIGITS = 16;

    private static final int REGISTRIES_CHARS_MAX = 65_536;

    /// A name that was resolved.
    ///
    /// @param sinceSeconds when it was believed
    /// @param freshUntilSeconds how long it may be used, in seconds of Unix time
    public record Cached(ServerBinding binding, long sinceSeconds, long freshUntilSeconds) {
        void write(ByteWriter out) {
            out.u63(sinceSeconds).u63(freshUntilSeconds);
            binding.write(out);
        }

        static Cached read(ByteReader in) throws MalformedException {
            long since = in.u63();
            long until = in.u63();
            return new Cached(ServerBinding.read(in), since, until);
        }
    }

    /// Whether a ledger was joined.
    public boolean isJoined() {
        return Files.exists(file("genesis"));
    }

    /// Joins a ledger.
    ///
    /// @throws java.nio.file.FileAlreadyExistsException when one was joined already
    public void join(Genesis genesis, List<KonceAddress> registries) throws IOException {
        CheckedFile.create(file("genesis"), genesis.encode());
        CheckedFile.replace(file("believed"), ClientRecord.start(genesis).encode());
        keepRegistries(registries);
    }

    /// The ledger's genesis.
    public Genesis genesis() throws IOException {
        return switch (Genesis.decode(CheckedFile.read(file("genesis")))) {
            case Decoded.Value<Genesis>(Genesis genesis) -> genesis;
            case Decoded.Malformed<Genesis>(String why) -> throw new IOException(file("genesis") + ": " + why);
        };
    }

    /// Whom to ask.
    public List<KonceAddress> registries() throws IOException {
        if (Files.size(file("registries")) > REGISTRIES_CHARS_MAX) {
            throw new IOException(file("registries") + " is too long");
        }
        List<KonceAddress> registries = new ArrayList<>();
        for (String line : Files.readAllLines(file("registries"))) {
            String text = line.strip();
            if (!text.isEmpty() && !text.startsWith("#")) {
                try {
                    registries.add(KonceAddress.parse(text));
                } catch (AddressSyntaxException e) {
                    throw new IOException(file("registries") + ": " + e.getMessage(), e);
                }
            }
        }
        return registries;
    }

    /// Keeps whom to ask.
    public void keepRegistries(List<KonceAddress> registries) throws IOException {
        StringBuilder text = new StringBuilder("# Registries to ask for names, an address a line.\n");
        registries.forEach(each -> text.append(each).append('\n'));
        AtomicFile.replace(file("registries"), ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /// The client as it was last kept.
    ///
    /// @throws DamagedFileException when what it believed is damaged: it must not start from the beginning unasked
    public LightClient client(Genesis genesis) throws IOException {
        byte[] bytes = CheckedFile.read(file("believed"));
        LightClient client = ClientRecord.decode(bytes) instanceof Decoded.Value<ClientRecord>(ClientRecord record)
                ? LightClient.of(genesis, record, LightClient.AGE_SECONDS_MAX)
                : null;
        if (client == null) {
            throw new IOException(file("believed") + " is not this ledger's; join it again");
        }
        return client;
    }

    /// Keeps what the client believes. When it returns, the disk has it.
    void keep(ClientRecord record) throws IOException {
        CheckedFile.replace(file("believed"), record.encode());
    }

    /// The names that were resolved, by what they are called; what is damaged is forgotten.
    Map<String, Cached> cache() throws IOException {
        Map<String, Cached> cache = new LinkedHashMap<>();
        if (Files.exists(file("cache"))) {
            try {
                byte[] bytes = CheckedFile.read(file("cache"));
                if (Decoded.of(bytes, CheckedFile.BYTES_MAX, in -> in.list16(CACHED_MAX, "names", Cached::read))
                        instanceof Decoded.Value<List<Cached>>(List<Cached> all)) {
                    all.forEach(each -> cache.put(each.binding.terms().subject().toString(), each));
                }
            } catch (DamagedFileException e) {
                return cache; // asked for again
            }
        }
        return cache;
    }

    /// Keeps the names that were resolved, the newest last; of too many the oldest are let go.
    void keepCache(Map<String, Cached> cache) throws IOException {
        List<Cached> all = new ArrayList<>(cache.values());
        List<Cached> newest = all.subList(Math.max(0, all.size() - CACHED_MAX), all.size());
        CheckedFile.replace(
                file("cache"), new ByteWriter().list16(newest, Cached::write).toBytes());
    }

    /// Keeps evidence.
    ///
    /// @return its file
    Path keepEvidence(Equivocation evidence) throws IOException {
        Path folder = file("evidence");
        Files.createDirectories(folder);
        byte[] bytes = evidence.encode();
        // Two lies at one height are two pieces of evidence, and the same one told twice is one.
        String name = "height-" + evidence.one().checkpoint().height() + "-"
                + Hashing.hash("konce evidence 1", bytes).toString().substring(0, EVIDENCE_DIGITS);
        Path path = folder.resolve(name);
        if (Files.exists(path)) {
            return path;
        }
        try (Stream<Path> files = Files.list(folder)) {
            if (files.count() >= EVIDENCE_MAX) {
                return folder;
            }
        }
        CheckedFile.replace(path, bytes);
        return path;
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
