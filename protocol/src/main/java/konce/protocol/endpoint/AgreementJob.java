package konce.protocol.endpoint;

import konce.protocol.handshake.ServerAgreement;

/// A server's group operations.
record AgreementJob(ServerAgreement agreement) implements Job {
    @Override
    public Kind kind() {
        return Kind.SERVER_AGREEMENT;
    }

    @Override
    public void run() {
        agreement.run();
    }
}
