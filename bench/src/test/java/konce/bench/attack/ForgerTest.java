package konce.bench.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import konce.crypto.SecretKey;
import konce.crypto.SystemRandom;
import konce.crypto.Vault;
import konce.protocol.Address;
import konce.protocol.DropReason;
import konce.protocol.ServerConfig;
import konce.protocol.ServerLoad;
import konce.protocol.endpoint.Endpoint;
import konce.protocol.endpoint.EndpointConfig;
import konce.protocol.endpoint.Job;
import konce.protocol.endpoint.Transmit;
import org.junit.jupiter.api.Test;

/// A flood measures what it says only if its packets are refused where they should be.
final class ForgerTest {
    private static final Address ATTACKER = Address.parse("192.0.2.1:4000");
    private static final Address ELSEWHERE = Address.parse("192.0.2.2:4000");
    private static final long EFFORT = 64;

    /// Goal: a worked packet costs the server its group operations, and leads to nothing; spoilt ones are refused
    /// each for
    /// its own reason. Method: a real endpoint, and the forger's packets of each kind.
    @Test
    void packetsAreRefusedWhereTheyShouldBe() {
        Forger forger = new Forger();
        try (Vault vault = Vault.open(1 << 16);
                SecretKey key = SecretKey.generate(vault, new SystemRandom());
                Endpoint server = server(vault, key)) {
            assertEquals(DropReason.NONE, hand(server, ATTACKER, forger.init()));
            byte[] ack = answer(server);
            assertTrue(Forger.isInitAck(ack));
            assertEquals(EFFORT, Forger.effortAsked(ack));

            byte[] stale = forger.echo(ack, EFFORT);
            forger.spoil(stale, Forger.SEQUENCE, Long.BYTES);
            assertEquals(DropReason.SEQUENCE_NOT_RECENT, hand(server, ATTACKER, stale));

            byte[] unworked = forger.echo(ack, EFFORT);
            Forger.claim(unworked, 1L << 31, 7);
            assertEquals(DropReason.SOLUTION_WRONG, hand(server, ATTACKER, unworked));

            byte[] forged = forger.echo(ack, EFFORT);
            forger.spoil(forged, Forger.AUTHENTICATOR, Long.BYTES);
            forger.solve(forged, ack);
            assertEquals(DropReason.COOKIE_WRONG, hand(server, ATTACKER, forged));

            byte[] worked = forger.echo(ack, EFFORT);
            forger.solve(worked, ack);
            assertEquals(DropReason.COOKIE_WRONG, hand(server, ELSEWHERE, worked));
            assertEquals(DropReason.NONE, hand(server, ATTACKER, worked));
            assertEquals(DropReason.ALREADY_ACCEPTED, hand(server, ATTACKER, worked));
            for (Job job = server.pollJob(); job != null; job = server.pollJob()) {
                job.run();
                server.handleJob(0, job);
            }
            assertEquals(1, server.dropped(DropReason.NOT_AUTHENTIC));
            assertEquals(0, server.channels(0).size());
        }
    }

    private static Endpoint server(Vault vault, SecretKey key) {
        ServerConfig config = new ServerConfig(key, false, ServerLoad.fixed(EFFORT), null);
        return new Endpoint(EndpointConfig.CLIENT.withServer(config), vault, new SystemRandom(), 0);
    }

    private static DropReason hand(Endpoint server, Address from, byte[] packet) {
        try (Arena arena = Arena.ofConfined()) {
            return server.handleDatagram(0, from, arena.allocateFrom(ValueLayout.JAVA_BYTE, packet));
        }
    }

    private static byte[] answer(Endpoint server) {
        try (Arena arena = Arena.ofConfined()) {
            Transmit out = new Transmit(arena.allocate(1 << 16));
            assertTrue(server.pollTransmit(0, out));
            MemorySegment sent = out.buffer().asSlice(0, out.bytes());
            return sent.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
