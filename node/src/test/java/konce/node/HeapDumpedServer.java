package konce.node;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import konce.protocol.Address;
import konce.protocol.HandlerId;

/// A server in a process of its own for [HeapDumpOfANodeTest]: says where it is, answers, dumps its heap when told to.
final class HeapDumpedServer {
    static final HandlerId ECHO = HandlerId.wellKnown(1);

    private HeapDumpedServer() {}

    /// Prints `KEY ADDRESS`, then reads the name of the file its heap is to go to, and of bytes it is to hold until
    /// then.
    public static void main(String[] arguments) throws Exception {
        try (Node node = Node.builder().server(true).open();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            node.handle(ECHO, message -> message.reply(message.bytes()));
            Address where = node.target().addresses().getFirst();
            System.out.println(node.publicKey() + " " + where);
            System.out.flush();
            byte[] control = HexFormat.of().parseHex(in.readLine());
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(in.readLine(), false);
            System.out.println("dumped with " + control.length + " bytes of control");
        }
    }
}
