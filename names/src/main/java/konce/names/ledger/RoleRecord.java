package konce.names.ledger;

import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import org.jspecify.annotations.Nullable;

/// Who holds a role, or that it was taken back.
///
/// @param owner the [NameRecord#owner] who gave it: a name's next owner does not inherit it
/// @param key the key that holds it; null when it was taken back
public record RoleRecord(Role role, int owner, @Nullable Key key) implements Entry {
    /// Whether it is held, under a name that says this.
    public boolean isHeld(NameRecord name) {
        // = docs/spec/12-ledger.md R12.24
        return key != null && owner == name.owner() && name.name().equals(role.name());
    }

    @Override
    public Hash place() {
        return Entry.placeOf(role);
    }

    @Override
    public void write(ByteWriter out) {
        role.role().write(out.u8(ROLE));
        role.name().write(out);
        out.u31(owner).optionalKey(key);
    }

    static RoleRecord read(ByteReader in) throws MalformedException {
        return new RoleRecord(new Role(Name.read(in), Name.read(in)), in.u31(), in.optionalKey());
    }
}
