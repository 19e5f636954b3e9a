package konce.node.names;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import konce.names.KonceAddress;
import konce.names.encoding.Decoded;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;
import konce.node.Explain;
import konce.node.Node;
import konce.protocol.HandlerId;
import konce.protocol.Outcome;
import konce.protocol.SendOptions;
import konce.protocol.Target;

/// Asks registries over Konce messages.
///
/// - threads: any
///
/// @param node sends; the caller closes it
/// @param registries whom to ask, at most [#REGISTRIES_MAX]
/// @param options how long things may take
public record RegistryClient(Node node, List<KonceAddress> registries, SendOptions options) {
    /// Registries asked at once: enough that one honest one is among them, few enough to wait for.
    public static final int REGISTRIES_MAX = 8;

    private static final HandlerId HANDLER = HandlerId.wellKnown(RegistryRequest.HANDLER);

    public RegistryClient {
        registries = List.copyOf(registries);
        if (registries.isEmpty() || registries.size() > REGISTRIES_MAX) {
            throw new IllegalArgumentException(
                    registries.size() + " registries; 1 to " + REGISTRIES_MAX + " can be asked");
        }
    }

    /// What one registry answered.
    public sealed interface Answered {
        /// Who was asked.
        KonceAddress registry();

        /// A reply, which may be a refusal.
        record Replied(KonceAddress registry, RegistryReply reply) implements Answered {}

        /// Nothing of use.
        ///
        /// @param why a line for a person
        record Silent(KonceAddress registry, String why) implements Answered {}
    }

    /// Asks all of them at once.
    ///
    /// @return one for each, in their order; none completes exceptionally
    public List<CompletableFuture<Answered>> askAll(RegistryRequest request) {
        byte[] bytes = request.encode();
        List<CompletableFuture<Answered>> answers = new ArrayList<>();
        for (KonceAddress registry : registries) {
            answers.add(node.send(target(registry), HANDLER, bytes, options)
                    .thenApply(outcome -> answered(registry, outcome)));
        }
        return answers;
    }

    /// Asks one after the other until one replies.
    ///
    /// @throws IOException when none does, with the last reason
    public RegistryReply ask(RegistryRequest request) throws IOException, InterruptedException {
        String why = "there is no registry";
        for (KonceAddress registry : registries) {
            switch (ask(registry, request)) {
                case Answered.Replied(var _, RegistryReply reply) -> {
                    return reply;
                }
                case Answered.Silent silent -> why = silent.why;
            }
        }
        throw new IOException("no registry answers: " + why);
    }

    private Answered ask(KonceAddress registry, RegistryRequest request) throws InterruptedException {
        try {
            return answered(
                    registry,
                    node.send(target(registry), HANDLER, request.encode(), options)
                            .get());
        } catch (ExecutionException e) {
            throw new AssertionError("an outcome never completes exceptionally", e);
        }
    }

    private static Target target(KonceAddress registry) {
        return new Target.Peer(registry.key(), registry.addresses(), null, null);
    }

    private static Answered answered(KonceAddress registry, Outcome outcome) {
        if (!(outcome instanceof Outcome.Replied(var _, MemorySegment payload, var _))) {
            return new Answered.Silent(registry, Explain.outcome(outcome));
        }
        if (payload.byteSize() > RegistryReply.BYTES_MAX) {
            return new Answered.Silent(registry, "its answer is too long");
        }
        return switch (RegistryReply.decode(payload.toArray(ValueLayout.JAVA_BYTE))) {
            case Decoded.Value<RegistryReply>(RegistryReply reply) -> new Answered.Replied(registry, reply);
            case Decoded.Malformed<RegistryReply>(String why) ->
                new Answered.Silent(registry, "its answer is damaged: " + why);
        };
    }
}
