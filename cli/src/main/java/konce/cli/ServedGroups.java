package konce.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import konce.cli.store.Group;
import konce.cli.store.Groups;
import konce.cli.store.Home;
import konce.cli.store.Identity;
import konce.cli.store.StoreException;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.Vault;
import konce.node.Node;
import konce.protocol.Event;
import konce.protocol.PrivateGroup;
import org.jspecify.annotations.Nullable;

/// The private groups that a server is the gate of: read from their files, watched for changes, and told who joins.
final class ServedGroups implements AutoCloseable {
    private final Terminal terminal;
    private final Groups groups;
    private final Vault vault;
    private final Identity owner;
    private final List<String> names;
    private final Map<String, SecretKey> keys = new LinkedHashMap<>();
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private final Map<String, Long> versions = new LinkedHashMap<>();

    /// @param vault with room for their secrets; not closed
    ServedGroups(Terminal terminal, Vault vault, Identity owner, List<String> names)
            throws IOException, StoreException {
        this.terminal = terminal;
        groups = new Groups(Home.of(terminal.environment()));
        this.vault = vault;
        this.owner = owner;
        this.names = List.copyOf(names);
        for (String name : names) {
            Group group = groups.load(name);
            if (!group.identity().equals(owner.name())) {
                throw CommandException.mistake("group '" + name + "' is served by identity '" + group.identity()
                        + "': say --identity " + group.identity());
            }
        }
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    /// The name of a group by its number; null: no private group.
    @Nullable
    String nameOf(long number) {
        return number < 1 || number > names.size() ? null : names.get((int) number - 1);
    }

    /// The groups as their files say now.
    List<PrivateGroup> load() throws IOException, StoreException {
        List<PrivateGroup> loaded = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            versions.put(name, groups.version(name));
            Group group = groups.load(name);
            List<PrivateGroup.Invitation> open = new ArrayList<>();
            for (Group.Guest guest : group.invitations()) {
                if (!guest.withdrawn()) {
                    open.add(new PrivateGroup.Invitation(
                            guest.number(), secret(group, guest.number()), guest.keys(), guest.members()));
                }
            }
            SecretKey key = keys.computeIfAbsent(name, _ -> group.key(vault, owner));
            loaded.add(new PrivateGroup(i + 1L, key, open));
        }
        return loaded;
    }

    private Secret secret(Group group, int number) {
        return secrets.computeIfAbsent(group.name() + " " + number, _ -> group.secret(vault, owner, number));
    }

    /// Takes up what has changed in the files since.
    void refresh(Node node) {
        try {
            boolean changed = false;
            for (String name : names) {
                changed |= !Long.valueOf(groups.version(name)).equals(versions.get(name));
            }
            if (changed) {
                node.serveGroups(load());
            }
        } catch (IOException | StoreException e) {
            terminal.err().println("The groups stay as they were: " + e.getMessage());
        }
    }

    /// Writes down who joins.
    void watch(Node node) {
        node.onEvent(event -> {
            if (event instanceof Event.MemberJoined(var visit, var member)) {
                String name = String.valueOf(nameOf(visit.group()));
                try {
                    groups.change(name, group -> group.change((int) visit.invitation(), guest -> guest.with(member)));
                } catch (IOException | StoreException e) {
                    terminal.err().println("Who joined group '" + name + "' is not written down: " + e.getMessage());
                }
            }
        });
    }

    @Override
    public void close() {
        keys.values().forEach(SecretKey::close);
        secrets.values().forEach(Secret::close);
    }
}
