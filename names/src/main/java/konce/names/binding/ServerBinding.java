package konce.names.binding;

import java.util.LinkedHashSet;
import java.util.List;
import konce.crypto.PublicKey;
import konce.crypto.SigningKey;
import konce.names.checkpoint.Checkpoint;
import konce.names.encoding.ByteReader;
import konce.names.encoding.ByteWriter;
import konce.names.encoding.Decoded;
import konce.names.encoding.Hash;
import konce.names.encoding.Key;
import konce.names.encoding.MalformedException;
import konce.names.encoding.Signature;
import konce.names.ledger.Subject;
import konce.protocol.Address;
import konce.protocol.Limits;
import org.jspecify.annotations.Nullable;

/// A name's server for some time: its key and where it may be. Anyone may hand it over; it holds because the name's
/// master key, or the role's key, signed it.
///
/// - shape: version 1, the fields of [Terms], the signature; at most [#BYTES_MAX]
/// - source: docs/spec/15-light-client.md, section 1
public record ServerBinding(Terms terms, Signature signature) {
    /// The longest encoding.
    public static final int BYTES_MAX = 1_000;

    /// The longest time one is good for: an owner who has lost a server's key waits no longer.
    public static final long SECONDS_MAX = 30L * 86_400;

    private static final int VERSION = 1;

    /// What is signed.
    ///
    /// @param subject whose server it is
    /// @param owner the number of the name's owner, so that none outlives a sale
    /// @param server the server's durable key, C
    /// @param addresses where it may be, in the order to try; at most [Limits#ADDRESSES_PER_PEER_MAX], none twice
    /// @param mlKem the hash of the server's ML-KEM key, which the server itself shows; null for none. The key has
    /// more bytes than a binding.
    /// @param fromSeconds the first moment it is good for, in seconds of Unix time
    /// @param untilSeconds the last
    /// @param sequence higher than that of every binding before
    public record Terms(
            Subject subject,
            int owner,
            PublicKey server,
            List<Address> addresses,
            @Nullable Hash mlKem,
            long fromSeconds,
            long untilSeconds,
            long sequence) {
        public Terms {
            addresses = List.copyOf(addresses);
            String offence = offence(addresses, fromSeconds, untilSeconds);
            if (offence != null || owner < 1 || sequence < 0) {
                throw new IllegalArgumentException("owner " + owner + ", sequence " + sequence + ", " + offence);
            }
        }

        private static @Nullable String offence(List<Address> addresses, long from, long until) {
            // = docs/spec/15-light-client.md R15.1
            if (addresses.size() > Limits.ADDRESSES_PER_PEER_MAX
                    || new LinkedHashSet<>(addresses).size() < addresses.size()) {
                return "more than " + Limits.ADDRESSES_PER_PEER_MAX + " addresses, or one twice";
            }
            if (addresses.stream().anyMatch(each -> each.port() == 0)) {
                return "an address with port 0";
            }
            return from < 0 || until < from || until - from > SECONDS_MAX || until > Checkpoint.TIME_SECONDS_MAX
                    ? "good from " + from + " to " + until
                    : null;
        }

        /// The binding, signed by the name's master key or the role's key.
        public ServerBinding sign(SigningKey key, Hash genesis) {
            return new ServerBinding(this, Signature.sign(key, message(genesis)));
        }

        private byte[] message(Hash genesis) {
            ByteWriter out = new ByteWriter().text8("konce binding 1").hash(genesis);
            write(out);
            return out.toBytes();
        }

        private void write(ByteWriter out) {
            Subject.write(subject, out.u8(VERSION));
            out.u31(owner).raw(server.toBytes()).u8(addresses.size());
            for (Address address : addresses) {
                out.word(address.high()).word(address.low()).u16(address.port());
            }
            if (mlKem == null) {
                out.u8(0);
            } else {
                out.u8(1).hash(mlKem);
            }
            out.u63(fromSeconds).u63(untilSeconds).u63(sequence);
        }

        private static Terms read(ByteReader in) throws MalformedException {
            in.u8(VERSION, VERSION, "version");
            Subject subject = Subject.read(in);
            int owner = in.u31();
            in.check(owner > 0, "owner 0");
            PublicKey server = PublicKey.decode(in.raw(PublicKey.BYTES));
            if (server == null) {
                throw new MalformedException("a server key that is none");
            }
            Address[] addresses = new Address[in.u8(0, Limits.ADDRESSES_PER_PEER_MAX, "number of addresses")];
            for (int i = 0; i < addresses.length; i++) {
                addresses[i] = new Address(in.word(), in.word(), in.u16());
            }
            Hash mlKem = in.u8(0, 1, "flag") == 1 ? in.hash() : null;
            long from = in.u63();
            long until = in.u63();
            String offence = offence(List.of(addresses), from, until);
            in.check(offence == null, String.valueOf(offence));
            return new Terms(subject, owner, server, List.of(addresses), mlKem, from, until, in.u63());
        }
    }

    /// Whether the owner of `key` signed this for the ledger of this genesis.
    public boolean isBy(Key key, Hash genesis) {
        // = docs/spec/15-light-client.md R15.2
        return signature.isBy(key, terms.message(genesis));
    }

    /// The encoding.
    public byte[] encode() {
        ByteWriter out = new ByteWriter();
        write(out);
        return out.toBytes();
    }

    /// The binding that is the whole of `bytes`.
    public static Decoded<ServerBinding> decode(byte[] bytes) {
        return Decoded.of(bytes, BYTES_MAX, ServerBinding::read);
    }

    /// Appends the encoding.
    public void write(ByteWriter out) {
        terms.write(out);
        out.signature(signature);
    }

    /// Reads one.
    public static ServerBinding read(ByteReader in) throws MalformedException {
        return new ServerBinding(Terms.read(in), in.signature());
    }
}
