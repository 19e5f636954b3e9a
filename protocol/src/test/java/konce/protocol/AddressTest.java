package konce.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Network addresses: one shape for IPv4 and IPv6.
final class AddressTest {
    // = docs/spec/01-notation.md R1.1
    /// Goal: an IPv4 address is the same whether a socket tells it in 4 bytes or in 16.
    @Test
    void ipv4IsHeldAsMappedIpv6() {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        byte[] plain = {(byte) 192, 0, 2, (byte) 200};
        System.arraycopy(plain, 0, mapped, 12, 4);
        Address address = Address.of(mapped, 413);
        assertEquals(Address.of(plain, 413), address);
        assertEquals(0, address.high());
        assertEquals(0xFFFF_C000_02C8L, address.low());
        assertTrue(address.isIpv4());
        assertArrayEquals(plain, address.ipBytes());
        assertEquals("192.0.2.200:413", address.toString());
    }

    /// Goal: what is written is read again as the same address.
    @ParameterizedTest
    @ValueSource(
            strings = {"192.0.2.7:413", "255.255.255.255:65535", "[2001:db8:0:0:0:0:0:7]:413", "[0:0:0:0:0:0:0:1]:0"})
    void textIsReadAsWritten(String text) {
        Address address = Address.parse(text);
        assertEquals(text, address.toString());
        assertEquals(address, Address.of(address.ipBytes(), address.port()));
        assertEquals(text.startsWith("[") ? 16 : 4, address.ipBytes().length);
        assertFalse(address.isIpv4() == text.startsWith("["));
    }

    /// Goal: nothing but numbers is an address, and no name server is ever asked.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "host:1",
                "localhost:413",
                "1.2.3.4",
                "1.2.3.4:",
                "1.2.3.4:65536",
                "1.2.3.4:-1",
                "::1:413",
                "[::1]",
                "[1.2.3.4:5"
            })
    void anythingElseIsRefused(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> Address.parse(text));
        assertTrue(refusal.getMessage().contains(text));
    }
}
