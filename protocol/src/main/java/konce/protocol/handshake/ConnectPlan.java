package konce.protocol.handshake;

import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.Secret;
import konce.crypto.SecretKey;
import konce.crypto.VerifyingKey;
import konce.protocol.Address;
import konce.protocol.wire.ProtocolOffer;
import konce.protocol.wire.Ticket;
import org.jspecify.annotations.Nullable;

/// Whom a client is to reach, and as whom.
///
/// @param server C, the key it has to prove
/// @param addresses where the server may be, at least one
/// @param identity a; null: anonymous
/// @param invitation of the private group that the key is of; null: it is of none
/// @param ticket that the server gave this identity before; null: none
/// @param masterKey who may vouch for a changed key; null: nobody
/// @param ours the protocols offered
/// @param effortMax the most work done for one INIT-ACK, in expected hashes
/// @param puzzleJobs shares a puzzle is split into
public record ConnectPlan(
        PublicKey server,
        List<Address> addresses,
        @Nullable SecretKey identity,
        @Nullable Secret invitation,
        @Nullable Ticket ticket,
        @Nullable VerifyingKey masterKey,
        ProtocolOffer ours,
        long effortMax,
        int puzzleJobs) {}
