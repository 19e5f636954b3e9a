package konce.cli;

import konce.names.AddressSyntaxException;
import konce.names.KonceAddress;
import org.jspecify.annotations.Nullable;

/// `PEER:path`: a place at a peer.
///
/// @param peer a petname or an address
/// @param path inside what the peer serves; empty: all of it
record RemotePath(String peer, String path) {
    /// Reads one; null where the text is a path of this machine: one without a colon, or with a slash before it.
    static @Nullable RemotePath parse(String text) {
        if (KonceAddress.isLike(text)) {
            return ofAddress(text);
        }
        int colon = text.indexOf(':');
        int slash = text.indexOf('/');
        boolean local = colon <= 0 || (slash >= 0 && slash < colon);
        return local ? null : new RemotePath(text.substring(0, colon), text.substring(colon + 1));
    }

    /// Reads one, where a peer alone means all it serves.
    static @Nullable RemotePath parseOrPeer(String text) {
        boolean peerAlone = KonceAddress.isLike(text) ? isAddress(text) : text.indexOf(':') < 0;
        return parse(peerAlone ? text + ":" : text);
    }

    private static boolean isAddress(String text) {
        try {
            KonceAddress.parse(text);
            return true;
        } catch (AddressSyntaxException e) {
            return false;
        }
    }

    /* Addresses have colons of their own: the path begins behind the first one that a whole address stands before. */
    private static RemotePath ofAddress(String text) {
        checkKey(text);
        AddressSyntaxException first = null;
        boolean placed = text.indexOf('@') >= 0;
        for (int colon = text.indexOf(':'); colon >= 0; colon = text.indexOf(':', colon + 1)) {
            try {
                KonceAddress address = KonceAddress.parse(text.substring(0, colon));
                if (!placed || !address.addresses().isEmpty()) {
                    return new RemotePath(text.substring(0, colon), text.substring(colon + 1));
                }
            } catch (AddressSyntaxException e) {
                first = e;
            }
        }
        try {
            KonceAddress.parse(text);
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an address: " + (first == null ? e : first).getMessage());
        }
        throw CommandException.mistake("a place at a peer has ':' behind the address, and then a path: " + text + ":");
    }

    /* A damaged key is looked at once, not once for each colon: finding where it is damaged takes long. */
    private static void checkKey(String text) {
        int end = Math.min(text.length(), KonceAddress.KEY_CHARS);
        for (int i = 0; i < end; i++) {
            if (text.charAt(i) == '@' || text.charAt(i) == ':') {
                end = i;
            }
        }
        try {
            KonceAddress.parse(text.substring(0, end));
        } catch (AddressSyntaxException e) {
            throw CommandException.mistake("not an address: " + e.getMessage());
        }
    }

    /// As it is written.
    @Override
    public String toString() {
        return peer + ":" + path;
    }
}
