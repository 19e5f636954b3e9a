package konce.registry;

import java.io.IOException;
import konce.names.registry.RegistryReply;
import konce.names.registry.RegistryRequest;

/// Someone who can be asked as a registry is: over the network, or in this process.
@FunctionalInterface
public interface Registrar {
    /// The answer.
    ///
    /// @throws IOException when there is none
    RegistryReply ask(RegistryRequest request) throws IOException, InterruptedException;
}
