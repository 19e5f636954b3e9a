package konce.cli.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import konce.names.checkpoint.Checkpoint;
import konce.names.checkpoint.SignedCheckpoint;
import konce.names.encoding.Hash;
import konce.names.ledger.Block;
import konce.names.ledger.Genesis;
import konce.names.ledger.Ledger;
import konce.names.ledger.SignedTransaction;
import konce.registry.LedgerFiles;
import org.jspecify.annotations.Nullable;

/// What the disks of all machines and witnesses say, once nobody runs.
///
/// - threads: one
final class Autopsy {
    private final Genesis genesis;
    private final Findings findings;
    private final Map<Hash, Long> heights = new HashMap<>();
    private final List<Checkpoint> truth = new ArrayList<>();
    private List<Block> blocks = List.of();

    Autopsy(Genesis genesis, Findings findings) {
        this.genesis = genesis;
        this.findings = findings;
    }

    /// Holds everything against everything.
    void examine(Stage stage, Collection<Load.Acknowledged> acknowledged) {
        for (Path place : stage.sequencerPlaces()) {
            machine(place);
        }
        replay();
        for (Path place : stage.witnessPlaces()) {
            witness(place);
        }
        for (Path place : stage.sequencerPlaces()) {
            try {
                SignedCheckpoint shown = LedgerFiles.shown(place, genesis);
                if (shown != null) {
                    findings.shown(place.getFileName().toString(), shown);
                }
            } catch (IOException e) {
                findings.violated(place.getFileName() + ": " + e.getMessage());
            }
        }
        findings.checkpoints().values().forEach(this::isTrue);
        for (Load.Acknowledged each : acknowledged) {
            if (!heights.containsKey(each.id())) {
                findings.violated("lost: a transaction that was acknowledged in block " + each.height());
            }
        }
        for (Load.Acknowledged each : acknowledged) {
            Long height = heights.get(each.id());
            if (height != null && height != each.height()) {
                findings.violated("acknowledged in block " + each.height() + ", and it is in block " + height);
            }
        }
    }

    private void machine(Path place) {
        List<Block> found = read(place);
        if (found == null) {
            return;
        }
        boolean more = found.size() > blocks.size();
        List<Block> longer = more ? found : blocks;
        List<Block> shorter = more ? blocks : found;
        if (!shorter.isEmpty() && !longer.subList(0, shorter.size()).equals(shorter)) {
            findings.violated("two roots: the blocks of " + place.getFileName() + " are not those of another machine");
        }
        if (!blocks.isEmpty() && longer.size() != shorter.size()) {
            findings.violated(
                    place.getFileName() + " has " + found.size() + " blocks, another machine " + blocks.size());
        }
        blocks = longer;
    }

    private @Nullable List<Block> read(Path place) {
        try {
            return LedgerFiles.blocks(place, genesis, _ -> {});
        } catch (IOException e) {
            findings.violated(place.getFileName() + ": " + e.getMessage());
            return null;
        }
    }

    /// Goes through all blocks with all signatures.
    private void replay() {
        Ledger ledger = Ledger.begin(genesis);
        truth.add(ledger.checkpoint());
        for (Block block : blocks) {
            switch (ledger.apply(block)) {
                case Ledger.Result.Applied(Ledger next) -> ledger = next;
                case Ledger.Result.Refused(var rule, var _) -> {
                    findings.violated("block " + block.header().height() + " breaks a rule: " + rule.sentence());
                    return;
                }
            }
            truth.add(ledger.checkpoint());
            for (SignedTransaction transaction : block.transactions()) {
                if (heights.put(transaction.id(), block.header().height()) != null) {
                    findings.violated("a transaction is in two blocks");
                }
            }
        }
    }

    private void witness(Path place) {
        List<Block> gone = read(place);
        if (gone != null
                && (gone.size() > blocks.size()
                        || !blocks.subList(0, gone.size()).equals(gone))) {
            findings.violated("the blocks that " + place.getFileName() + " went through are not the machines'");
        }
        try {
            Checkpoint signed = LedgerFiles.signed(place, genesis);
            if (signed != null) {
                findings.same(place.getFileName().toString(), signed);
            }
        } catch (IOException e) {
            findings.violated(place.getFileName() + ": " + e.getMessage());
        }
    }

    private void isTrue(Checkpoint checkpoint) {
        if (checkpoint.height() >= truth.size()
                || !truth.get((int) checkpoint.height()).equals(checkpoint)) {
            findings.violated("two roots at block " + checkpoint.height()
                    + ": what was signed is not what the machines' blocks give");
        }
    }

    /// Blocks there are.
    int blocks() {
        return blocks.size();
    }

    /// Transactions in them.
    int transactions() {
        return heights.size();
    }
}
