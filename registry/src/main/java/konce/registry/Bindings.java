package konce.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import konce.names.binding.ServerBinding;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.ledger.Genesis;
import konce.names.ledger.Ledger;
import konce.names.ledger.Name;
import konce.names.ledger.NameRecord;
import konce.names.ledger.Role;
import konce.names.ledger.RoleRecord;
import konce.names.ledger.Subject;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryReply.Problem;
import konce.registry.store.BlockLog;
import org.jspecify.annotations.Nullable;

/// Server bindings that owners have published, to be handed out. The newest of each name or role, and only of names
/// that are somebody's: so their number is paid for.
///
/// - disk: a log of those that came, written anew when it is opened; one that is lost is published again by its owner
/// - threads: any
/// - source: docs/spec/16-registry.md, section 6
final class Bindings implements AutoCloseable {
    private static final String FILE = "bindings";

    /// Whose word counts for a subject.
    ///
    /// @param owner the number of the name's owner
    private record Authority(Key key, int owner) {}

    private final Hash genesis;
    private final Registry registry;
    private final BlockLog log;
    private final Map<Subject, ServerBinding> newest = new HashMap<>();

    private Bindings(Hash genesis, Registry registry, BlockLog log) {
        this.genesis = genesis;
        this.registry = registry;
        this.log = log;
    }

    /// Opens those in a directory; an empty set where there are none, or where their file is damaged.
    static Bindings open(Path directory, Genesis genesis, Registry registry, Consumer<String> say) throws IOException {
        byte[] identity = genesis.id().toBytes();
        Path file = directory.resolve(FILE);
        Map<Subject, ServerBinding> kept = new HashMap<>();
        if (Files.exists(file)) {
            try (BlockLog old = BlockLog.open(file, identity, say)) {
                for (long i = 0; i < old.count(); i++) {
                    if (ServerBinding.decode(old.read(i)) instanceof Decoded.Value<ServerBinding>(var binding)) {
                        kept.put(binding.terms().subject(), binding);
                    }
                }
            } catch (IOException e) {
                say.accept("the published server bindings are lost, and must be published again: " + e.getMessage());
                kept.clear();
            }
        }
        Path fresh = directory.resolve(FILE + ".new");
        Files.deleteIfExists(fresh);
        BlockLog.create(fresh, identity);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        BlockLog log = BlockLog.open(file, identity, say);
        for (ServerBinding binding : kept.values()) {
            log.append(binding.encode());
        }
        log.force();
        Bindings bindings = new Bindings(genesis.id(), registry, log);
        bindings.newest.putAll(kept);
        return bindings;
    }

    /// The newest binding of a subject; null: none is known.
    synchronized @Nullable ServerBinding of(Subject subject) {
        return newest.get(subject);
    }

    /// Keeps a binding, if its owner signed it and it is newer than the one that is kept.
    RegistryReply publish(byte[] bytes) {
        if (!(ServerBinding.decode(bytes) instanceof Decoded.Value<ServerBinding>(ServerBinding binding))) {
            return refused("these bytes are no server binding");
        }
        Authority authority = authority(binding.terms().subject());
        // = docs/spec/16-registry.md R16.15
        if (authority == null || authority.owner != binding.terms().owner() || !binding.isBy(authority.key, genesis)) {
            return refused("the name's owner of today did not sign this");
        }
        return keep(binding);
    }

    private synchronized RegistryReply keep(ServerBinding binding) {
        ServerBinding old = newest.get(binding.terms().subject());
        // = docs/spec/16-registry.md R16.16
        if (old != null
                && old.terms().owner() == binding.terms().owner()
                && old.terms().sequence() >= binding.terms().sequence()) {
            return old.equals(binding)
                    ? new RegistryReply.Done()
                    : refused("a binding with sequence " + old.terms().sequence() + " was published already");
        }
        try {
            log.append(binding.encode());
            log.force();
        } catch (IOException e) {
            return new RegistryReply.Refused(Problem.OTHER, "the registry's disk failed");
        }
        newest.put(binding.terms().subject(), binding);
        return new RegistryReply.Done();
    }

    private static RegistryReply refused(String why) {
        return new RegistryReply.Refused(Problem.NOT_TAKEN, why);
    }

    private @Nullable Authority authority(Subject subject) {
        Ledger ledger = registry.chain().ledger();
        NameRecord name = ledger.name(subject.name());
        if (name == null
                || name.status(ledger.head().timeSeconds(), ledger.genesis().parameters())
                        != NameRecord.Status.ACTIVE) {
            return null;
        }
        return switch (subject) {
            case Name _ -> new Authority(name.master(), name.owner());
            case Role role -> {
                RoleRecord held = ledger.role(role);
                Key key = held == null || !held.isHeld(name) ? null : held.key();
                yield key == null ? null : new Authority(key, name.owner());
            }
        };
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
