package konce.node.names;

import java.util.List;
import konce.fuzz.Target;

/// What a user's names rest on.
public final class NameHomeTargets {
    private NameHomeTargets() {}

    /// All of them.
    public static List<Target> all() {
        return List.of(Target.part("cached-name", NameHome.Cached::read, NameHome.Cached::write));
    }
}
