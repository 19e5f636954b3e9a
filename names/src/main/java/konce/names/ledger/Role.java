package konce.names.ledger;

/// Who holds an office of a name: `ceo@examplecorp`.
///
/// @param role what the office is called, itself spelled as a name is
public record Role(Name role, Name name) implements Subject {
    @Override
    public String toString() {
        return role.text() + "@" + name.text();
    }
}
