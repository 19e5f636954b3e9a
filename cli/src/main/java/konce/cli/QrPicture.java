package konce.cli;

import io.nayuki.qrcodegen.QrCode;
import io.nayuki.qrcodegen.QrSegmentAdvanced;
import konce.names.KonceAddress;

/// An address as a QR code, drawn with half blocks: two rows of squares in a line of text.
final class QrPicture {
    /// Squares of white around the code (ISO/IEC 18004 asks for four; two are enough for a screen).
    private static final int MARGIN = 2;

    private static final int VERSION_MIN = 1;
    private static final int VERSION_MAX = 40;

    private QrPicture() {}

    /// The picture, light squares as blocks, so that it stands out on a dark terminal.
    static String of(KonceAddress address) {
        QrCode code = QrCode.encodeSegments(
                QrSegmentAdvanced.makeSegmentsOptimally(
                        address.toUpperCaseText(), QrCode.Ecc.LOW, VERSION_MIN, VERSION_MAX),
                QrCode.Ecc.LOW);
        StringBuilder picture = new StringBuilder();
        for (int y = -MARGIN; y < code.size + MARGIN; y += 2) {
            for (int x = -MARGIN; x < code.size + MARGIN; x++) {
                boolean upper = isLight(code, x, y);
                boolean lower = y + 1 < code.size + MARGIN && isLight(code, x, y + 1);
                picture.append(upper ? lower ? '█' : '▀' : lower ? '▄' : ' ');
            }
            picture.append('\n');
        }
        return picture.toString();
    }

    private static boolean isLight(QrCode code, int x, int y) {
        return !code.getModule(x, y);
    }
}
