/// One UDP socket on one event loop: Netty's epoll, kqueue or NIO, with segmentation offload in both directions where
/// the system has it.
///
/// - Enter by: [konce.node.socket.UdpSocket], [konce.node.socket.Transport]
/// - May import: `konce.protocol`, Netty. Never: the rest of `konce.node`.
/// - Invariant: buffers are made when the socket is; full means that nothing more is polled from the endpoint.
@NullMarked
package konce.node.socket;

import org.jspecify.annotations.NullMarked;
