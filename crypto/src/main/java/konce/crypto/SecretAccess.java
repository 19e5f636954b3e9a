package konce.crypto;

/// Permission to copy a secret out of the vault. Searching for `SecretAccess.grant` finds every place that does.
public final class SecretAccess {
    private final String why;

    private SecretAccess(String why) {
        this.why = why;
    }

    /// Permission for the reason given, which is for the reader of the code.
    public static SecretAccess grant(String why) {
        if (why.isBlank()) {
            throw new IllegalArgumentException("say why the secret must leave the vault");
        }
        return new SecretAccess(why);
    }

    @Override
    public String toString() {
        return "SecretAccess[" + why + "]";
    }
}
