package konce.node.observe;

import konce.protocol.Address;
import konce.protocol.HandshakeStep;
import konce.protocol.Observer;

/// Two observers as one: the first of what is rare, the second of everything.
public record Both(Observer rare, Observer all) implements Observer {
    @Override
    public boolean seesPackets() {
        return all.seesPackets();
    }

    @Override
    public void onChannelBegun(long nowNanos, long channel, boolean initiator) {
        rare.onChannelBegun(nowNanos, channel, initiator);
        all.onChannelBegun(nowNanos, channel, initiator);
    }

    @Override
    public void onHandshake(long nowNanos, long channel, Address remote, HandshakeStep step, long bytes) {
        rare.onHandshake(nowNanos, channel, remote, step, bytes);
        all.onHandshake(nowNanos, channel, remote, step, bytes);
    }

    @Override
    public void onPacketSent(long nowNanos, Packet packet) {
        all.onPacketSent(nowNanos, packet);
    }

    @Override
    public void onPacketReceived(long nowNanos, Packet packet) {
        all.onPacketReceived(nowNanos, packet);
    }

    @Override
    public void onPacketLost(long nowNanos, long channel, long number, int bytes) {
        all.onPacketLost(nowNanos, channel, number, bytes);
    }

    @Override
    public void onPath(long nowNanos, long channel, PathFigures path) {
        all.onPath(nowNanos, channel, path);
    }

    @Override
    public void onLosses(long nowNanos, long channel, long packets) {
        rare.onLosses(nowNanos, channel, packets);
        all.onLosses(nowNanos, channel, packets);
    }

    @Override
    public void onChannelEnded(long channel) {
        rare.onChannelEnded(channel);
        all.onChannelEnded(channel);
    }
}
