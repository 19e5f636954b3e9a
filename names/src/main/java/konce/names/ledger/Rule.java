package konce.names.ledger;

/// A rule of the ledger that a transaction or a block broke. Whoever is refused is told which.
public enum Rule {
    /// The bytes are no transaction.
    MALFORMED("3", "these bytes are no transaction"),
    /// No such account: it never received coins.
    ACCOUNT_UNKNOWN("3", "the account does not exist: it has never received coins"),
    /// The transaction's time is over.
    TRANSACTION_EXPIRED("3", "the transaction was good until a time that has passed"),
    /// The nonce was used before: a repeat.
    NONCE_USED("3", "a transaction of this account with this nonce is in the ledger already"),
    /// Nonces before this one are missing.
    NONCE_AHEAD("3", "transactions of this account with smaller nonces are missing"),
    /// The fee is too low.
    FEE_TOO_LOW("3", "the fee is below the least that the ledger takes"),
    /// The account has not enough.
    INSUFFICIENT_COINS("3", "the account has not enough coins for the fee and what the transaction costs"),
    /// The account's key did not sign this, or not for this ledger.
    BAD_SIGNATURE("3", "the signature is not the account's over this transaction for this ledger"),
    /// The name's key did not sign this.
    NOT_AUTHORIZED("3", "the name's own key has not authorized this"),
    /// These 32 bytes are no key.
    KEY_INVALID("3", "these bytes are no Ed25519 public key"),
    /// Nothing to transfer.
    AMOUNT_ZERO("4", "the amount is zero"),
    /// From an account to itself.
    SELF_TRANSFER("4", "an account cannot transfer to itself"),
    /// Too many registrations under way.
    COMMITMENTS_FULL("6", "the account has too many registrations under way"),
    /// The commitment is made already.
    COMMITMENT_EXISTS("6", "the account has made this commitment already"),
    /// Nothing was committed to.
    COMMITMENT_UNKNOWN("6", "the account has made no such commitment, or another name, salt or account was meant"),
    /// Too early to reveal.
    COMMITMENT_TOO_YOUNG("6", "the commitment is too young to be revealed; try again in a moment"),
    /// Too late to reveal.
    COMMITMENT_TOO_OLD("6", "the commitment is too old to be revealed; commit again"),
    /// The name is somebody's.
    NAME_TAKEN("6", "the name belongs to somebody"),
    /// Nobody has the name.
    NAME_UNKNOWN("6", "nobody has this name"),
    /// Its rent has ended.
    NAME_EXPIRED("6", "the name's rent has ended; renew it first"),
    /// Rent is paid for long enough.
    RENEWED_TOO_FAR("6", "rent cannot be paid for more than ten years ahead"),
    /// The name has changed since.
    NAME_CHANGED("7", "the name has changed since this was signed"),
    /// Something waits.
    LOCKED("7", "something waits with this name; call it off, or wait for it"),
    /// Nothing waits.
    NOTHING_PENDING("7", "nothing waits with this name"),
    /// There is no recovery key.
    NO_RECOVERY_KEY("7", "the name has no recovery key"),
    /// The account to be paid does not exist.
    PAYEE_UNKNOWN("7", "the account to be paid does not exist"),
    /// The offer would end before it begins.
    OFFER_TOO_SHORT("7", "the offer ends before the lock does"),
    /// The name is not for sale.
    NOT_OFFERED("7", "the name is not for sale"),
    /// Too early to buy.
    OFFER_LOCKED("7", "the offer cannot be taken yet"),
    /// The price is another.
    PRICE_DIFFERS("7", "the price is another"),
    /// Too many roles.
    ROLES_FULL("8", "the name has too many roles"),
    /// No such role.
    ROLE_UNKNOWN("8", "nobody holds this role"),
    /// A block whose number is not the next.
    BLOCK_HEIGHT("9", "the block's number is not the next"),
    /// A block that follows another.
    BLOCK_PREVIOUS("9", "the block follows another block than ours"),
    /// A block whose time runs back, or is out of range.
    BLOCK_TIME("9", "the block's time is before that of the block before"),
    /// A block with another history.
    BLOCK_HISTORY("9", "the block names another history than ours"),
    /// A block whose header is over other transactions.
    BLOCK_TRANSACTIONS("9", "the block's header is not over its transactions"),
    /// A block that gives another state.
    BLOCK_STATE("9", "the block's transactions give another state than its header says");

    private final String section;
    private final String sentence;

    Rule(String section, String sentence) {
        this.section = section;
        this.sentence = sentence;
    }

    /// The section of docs/spec/12-ledger.md that makes the rule.
    public String section() {
        return section;
    }

    /// What is wrong, a line for a person.
    public String sentence() {
        return sentence;
    }
}
