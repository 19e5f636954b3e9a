/// Captured packets: what tcpdump and Wireshark write, read as far as the UDP payload.
///
/// - Enter by: [konce.cli.capture.CaptureFile]
/// - May import: `konce.protocol` for addresses. Never: a socket.
/// - Invariant: whatever the bytes, reading ends with packets or with a message that says where it stopped making
/// sense.
@NullMarked
package konce.cli.capture;

import org.jspecify.annotations.NullMarked;
