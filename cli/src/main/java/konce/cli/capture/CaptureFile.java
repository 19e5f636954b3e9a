package konce.cli.capture;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads pcap and pcapng files.
///
/// - error: [CaptureException]; a packet that holds no whole UDP datagram is passed over
/// - source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng
public final class CaptureFile {
    /// Bytes of the largest file that is read: it is held in memory.
    public static final long FILE_BYTES_MAX = 256L << 20;

    private static final int MAGIC_BYTES = 4;
    private static final int PCAP_MICROSECONDS = 0xa1b2c3d4;
    private static final int PCAP_NANOSECONDS = 0xa1b23c4d;
    private static final int PCAP_HEADER_BYTES = 24;
    private static final int PCAP_LINK_TYPE = 20;
    private static final int NG_SECTION = 0x0a0d0d0a;
    private static final int NG_BYTE_ORDER = 0x1a2b3c4d;
    private static final int NG_INTERFACE = 1;
    private static final int NG_SIMPLE_PACKET = 3;
    private static final int NG_ENHANCED_PACKET = 6;
    private static final int NG_BLOCK_BYTES_MIN = 12;
    private static final int NG_OPTION_RESOLUTION = 9;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int MICROSECOND_DIGITS = 6;

    /// Interfaces of one section.
    private static final int INTERFACES_MAX = 1_024;

    /// What a section of a pcapng file says about an interface.
    ///
    /// @param unitsPerSecond of its timestamps
    private record Interface(int linkType, double unitsPerSecond) {}

    private CaptureFile() {}

    /// Whether these bytes begin as a capture does.
    public static boolean isLike(byte[] bytes) {
        if (bytes.length < MAGIC_BYTES) {
            return false;
        }
        int magic = ByteBuffer.wrap(bytes).getInt();
        return magic == NG_SECTION || pcapOrder(magic) != null;
    }

    private static @Nullable ByteOrder pcapOrder(int magic) {
        int swapped = Integer.reverseBytes(magic);
        if (magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS) {
            return ByteOrder.BIG_ENDIAN;
        }
        return swapped == PCAP_MICROSECONDS || swapped == PCAP_NANOSECONDS ? ByteOrder.LITTLE_ENDIAN : null;
    }

    /// The UDP datagrams of a capture, in their order.
    ///
    /// @param bytes the whole file
    public static List<CapturedDatagram> read(byte[] bytes) throws CaptureException {
        if (!isLike(bytes)) {
            throw new CaptureException("it is no pcap or pcapng file");
        }
        ByteBuffer file = ByteBuffer.wrap(bytes);
        List<CapturedDatagram> found = new ArrayList<>();
        try {
            ByteOrder order = pcapOrder(file.getInt(0));
            if (order == null) {
                readNextGeneration(file, found);
            } else {
                readClassic(file.order(order), found);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new CaptureException("the capture ends inside a packet, after " + found.size() + " datagrams");
        }
        return found;
    }

    private static void readClassic(ByteBuffer file, List<CapturedDatagram> found) throws CaptureException {
        long nanosPerUnit = file.getInt(0) == PCAP_NANOSECONDS ? 1 : 1_000;
        int linkType = file.getInt(PCAP_LINK_TYPE) & 0xFFFF;
        file.position(PCAP_HEADER_BYTES);
        while (file.hasRemaining()) {
            long seconds = Integer.toUnsignedLong(file.getInt());
            long fraction = Integer.toUnsignedLong(file.getInt());
            int captured = file.getInt();
            file.getInt(); // the length it had
            long atNanos = seconds * NANOS_PER_SECOND + fraction * nanosPerUnit;
            add(found, LinkLayer.datagram(take(file, captured), linkType, atNanos));
        }
    }

    private static void readNextGeneration(ByteBuffer file, List<CapturedDatagram> found) throws CaptureException {
        List<Interface> interfaces = new ArrayList<>();
        while (file.hasRemaining()) {
            int start = file.position();
            int type = file.getInt(start);
            if (type == NG_SECTION) {
                boolean big = file.order(ByteOrder.BIG_ENDIAN).getInt(start + 8) == NG_BYTE_ORDER;
                file.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
                interfaces.clear();
            }
            int length = file.getInt(start + 4);
            if (length < NG_BLOCK_BYTES_MIN || length > file.remaining()) {
                throw new CaptureException("a block of " + length + " bytes at " + start + " cannot be");
            }
            ByteBuffer block =
                    file.slice(start + 8, length - NG_BLOCK_BYTES_MIN).order(file.order());
            readBlock(file.getInt(start), block, interfaces, found);
            file.position(start + length);
        }
    }

    private static void readBlock(int type, ByteBuffer block, List<Interface> interfaces, List<CapturedDatagram> found)
            throws CaptureException {
        if (type == NG_INTERFACE && interfaces.size() < INTERFACES_MAX) {
            interfaces.add(readInterface(block));
        } else if (type == NG_ENHANCED_PACKET) {
            Interface from = interfaceOf(block.getInt(), interfaces);
            long units = Integer.toUnsignedLong(block.getInt()) << 32 | Integer.toUnsignedLong(block.getInt());
            int captured = block.getInt();
            block.getInt(); // the length it had
            long atNanos = (long) (units / from.unitsPerSecond * NANOS_PER_SECOND);
            add(found, LinkLayer.datagram(take(block, captured), from.linkType, atNanos));
        } else if (type == NG_SIMPLE_PACKET) {
            Interface from = interfaceOf(0, interfaces);
            int length = block.getInt();
            int captured = Math.min(length, block.remaining());
            add(found, LinkLayer.datagram(take(block, captured), from.linkType, 0));
        }
    }

    private static Interface interfaceOf(int number, List<Interface> interfaces) throws CaptureException {
        if (number < 0 || number >= interfaces.size()) {
            throw new CaptureException("a packet is of interface " + number + ", which the capture does not describe");
        }
        return interfaces.get(number);
    }

    private static Interface readInterface(ByteBuffer block) {
        int linkType = Short.toUnsignedInt(block.getShort());
        block.getShort();
        block.getInt();
        double unitsPerSecond = Math.pow(10, MICROSECOND_DIGITS);
        while (block.remaining() >= 4) {
            int option = Short.toUnsignedInt(block.getShort());
            int length = Short.toUnsignedInt(block.getShort());
            if (option == 0 || length > block.remaining()) {
                break;
            }
            if (option == NG_OPTION_RESOLUTION && length == 1) {
                int resolution = Byte.toUnsignedInt(block.get(block.position()));
                unitsPerSecond = Math.pow((resolution & 0x80) != 0 ? 2 : 10, resolution & 0x7F);
            }
            int padded = (length + 3) & ~3;
            block.position(Math.min(block.limit(), block.position() + padded));
        }
        return new Interface(linkType, unitsPerSecond);
    }

    private static ByteBuffer take(ByteBuffer from, int length) throws CaptureException {
        if (length < 0 || length > from.remaining()) {
            throw new CaptureException(
                    "a packet of " + Integer.toUnsignedString(length) + " bytes goes beyond the end");
        }
        ByteBuffer taken = from.slice(from.position(), length).order(ByteOrder.BIG_ENDIAN);
        from.position(from.position() + length);
        return taken;
    }

    private static void add(List<CapturedDatagram> found, @Nullable CapturedDatagram datagram) {
        if (datagram != null) {
            found.add(datagram);
        }
    }
}
