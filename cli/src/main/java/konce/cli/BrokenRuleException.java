package konce.cli;

import java.io.IOException;
import konce.names.ledger.Rule;

/// A transaction that the ledger refused, with the rule it breaks.
final class BrokenRuleException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    BrokenRuleException(Rule rule) {
        super("refused: " + rule.sentence() + " (" + rule + ")");
        this.rule = rule;
    }

    Rule rule() {
        return rule;
    }
}
