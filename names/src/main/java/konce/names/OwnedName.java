package konce.names;

import konce.names.encoding.Hash;
import konce.names.ledger.Subject;

/// A name and whose it is: what an account at its server belongs to, whatever the server's key.
///
/// @param genesis the ledger the name is on
/// @param owner the number of the name's owner there
public record OwnedName(Hash genesis, Subject subject, int owner) {}
