package konce.names;

import konce.names.Resolution.Found;
import konce.names.Resolution.NotFound;
import konce.names.Resolution.Source;

/// The user's petnames first, then addresses.
///
/// - source: docs/spec/09-names.md, section 4
///
/// @param book the user's own names
public record BookResolver(PetnameBook book) implements Resolver {
    /// Differing characters up to which another name in the book is offered as what was meant.
    private static final int TYPOS_MAX = 2;

    @Override
    public Resolution resolve(String text) {
        String asked = text.strip();
        // = docs/spec/09-names.md R9.13
        if (KonceAddress.isLike(asked)) {
            return address(asked);
        }
        Petname name;
        try {
            name = new Petname(asked);
        } catch (PetnameException e) {
            return new NotFound("neither a petname nor an address: " + e.getMessage());
        }
        // = docs/spec/09-names.md R9.12
        PetnameBook.Entry entry = book.find(name);
        return entry == null ? unknown(name) : new Found(entry.address(), Source.PETNAME);
    }

    private static Resolution address(String asked) {
        try {
            return new Found(KonceAddress.parse(asked), Source.ADDRESS);
        } catch (AddressSyntaxException e) {
            return new NotFound("not an address: " + e.getMessage());
        }
    }

    private NotFound unknown(Petname name) {
        int bestDistance = TYPOS_MAX + 1;
        String meant = "";
        for (PetnameBook.Entry entry : book.entries()) {
            int distance = distance(name.text(), entry.name().text());
            if (distance < bestDistance) {
                bestDistance = distance;
                meant = "; did you mean '" + entry.name() + "'?";
            }
        }
        return new NotFound("no petname '" + name + "' in your book" + meant);
    }

    /// Characters to insert, delete or replace to come from one text to the other; the texts are petnames, so
    /// short.
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
