package konce.bench.attack;

import java.nio.file.Path;
import konce.bench.peer.Contestant;
import konce.bench.peer.Contestants;
import konce.bench.peer.Discipline;
import konce.bench.peer.Setting;

/// Whoever floods what.
final class Flooders {
    private Flooders() {}

    /// @param name of the victim, as for [Victim#listen]
    static Flooder at(String name, String address, Path scratch) {
        Contestant contestant = contestant(name);
        Setting setting = new Setting(Discipline.HANDSHAKES, name.endsWith(Victim.GUARDED), scratch);
        PeerFlooder peer = new PeerFlooder(contestant, address, setting);
        KonceFlooder ours = new KonceFlooder(Flooder.socketAddress(address));
        boolean overUdp = !contestant.overTcp();
        boolean konce = contestant.name().startsWith(Contestants.OURS);
        return (kind, force) -> {
            boolean byHand = kind == Flood.GARBAGE ? overUdp : konce && kind != Flood.HANDSHAKES;
            return byHand ? ours.flood(kind, force) : peer.flood(kind, force);
        };
    }

    /// Who stands for a victim of this name.
    static Contestant contestant(String name) {
        return Contestants.named(
                name.startsWith(Victim.RAW) || name.equals(Victim.KONCE)
                        ? "konce-xchacha"
                        : name.replace(Victim.GUARDED, ""));
    }
}
