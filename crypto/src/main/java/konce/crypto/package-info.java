/// The ground under every floor: keys, boxes, hashes. libsodium does the arithmetic, the system's OpenSSL
/// the long packets of [FastChaCha]; nothing here is clever.
///
/// - Enter by: [Vault] (where secrets live), [SecretKey] and [PublicKey] (the group), [Kdf] (from products to keys),
///   [PacketKey] (one direction's protection), [StateCookieKey] and [Poly1305] (the cookie).
/// - May import: the JDK, nothing else. Never: a clock, a socket, a thread.
/// - Invariant: secrets exist outside the Java heap only. The packet path ([PacketKey], [Blake2b], [Poly1305],
///   [StateCookieKey#block], [SequenceCipher]) allocates nothing and takes no lock.
/// - Invariant: native code is given raw addresses, so every offset and length is checked in Java first, in `Raw`.
/// - Memory: functions take native segments only; a segment must stay open for the length of the call.
@org.jspecify.annotations.NullMarked
package konce.crypto;
