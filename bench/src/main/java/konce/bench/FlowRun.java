package konce.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import konce.bench.process.Answering;
import konce.names.KonceAddress;
import konce.node.Node;
import konce.protocol.Address;
import konce.protocol.CongestionControl;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;
import konce.protocol.endpoint.EndpointConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// One end of a flow without end, for `bench/networks.py`. It answers lines on standard input: `address`, at the
/// receiver, with where it is; `bytes` with the payload bytes that its handler was given, or that were delivered for
/// it.
@Command(
        name = "flow",
        mixinStandardHelpOptions = true,
        description = "One end of a flow without end, for bench/networks.py: a receiver, or with --to a sender.")
final class FlowRun implements Callable<Integer> {
    private static final HandlerId HANDLER = HandlerId.wellKnown(1);
    private static final int MESSAGE_BYTES = 1 << 18;
    private static final int OUTSTANDING = 40;
    private static final long PATIENT_NANOS = 3_600_000_000_000L;

    @Option(names = "--listen", paramLabel = "IP", description = "Where the receiver is; any free port.")
    String listen = "127.0.0.1";

    @Option(names = "--to", paramLabel = "ADDRESS", description = "Send to this receiver.")
    @Nullable
    String to;

    @Option(names = "--background", description = "Yield to everything else.")
    boolean background;

    @Option(names = "--congestion", paramLabel = "PIPE|CUBIC", description = "How to find out how much may be sent.")
    CongestionControl congestion = CongestionControl.PIPE;

    private final AtomicLong bytes = new AtomicLong();

    /// Where a receiver is.
    private record Place(String address) {}

    /// What has arrived.
    private record Count(long bytes) {}

    @Override
    public Integer call() throws IOException {
        EndpointConfig config = EndpointConfig.CLIENT.withCongestion(congestion);
        if (to == null) {
            receive(config);
        } else {
            send(config, KonceAddress.parse(to));
        }
        return CommandLine.ExitCode.OK;
    }

    private void receive(EndpointConfig config) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral(listen), 0);
        try (Node node =
                Node.builder().server(true).listen(any).endpoint(config).open()) {
            node.handle(HANDLER, message -> {
                bytes.addAndGet(message.payload().byteSize());
                message.giveBack();
            });
            InetSocketAddress at = node.localAddress();
            Address here = Address.of(at.getAddress().getAddress(), at.getPort());
            String address = new KonceAddress(node.publicKey(), List.of(here)).toString();
            Answering.run(words -> words[0].equals("address") ? new Place(address) : new Count(bytes.get()));
        }
    }

    private void send(EndpointConfig config, KonceAddress peer) throws IOException {
        try (Node node = Node.builder().endpoint(config).open()) {
            Target target = new Target.Peer(peer.key(), peer.addresses(), null, null);
            Thread.ofPlatform().daemon().start(() -> feed(node, target));
            Answering.run(_ -> new Count(bytes.get()));
        }
    }

    private void feed(Node node, Target target) {
        MemorySegment payload = Arena.ofAuto().allocate(MESSAGE_BYTES);
        SendOptions patient =
                SendOptions.ONE_WAY.withConnectTimeout(PATIENT_NANOS).withReplyTimeout(PATIENT_NANOS);
        SendOptions options = background ? patient.withBackground() : patient;
        Semaphore room = new Semaphore(OUTSTANDING);
        while (true) {
            room.acquireUninterruptibly();
            node.send(target, HANDLER, payload, options).thenAccept(outcome -> {
                bytes.addAndGet(outcome instanceof Outcome.Delivered ? MESSAGE_BYTES : 0);
                room.release();
            });
        }
    }
}
