/// What machines prove about the protocol: models of the handshake and of the life of channels, and the arithmetic of
/// windows. Each model has broken twins that must be found out, so that a model that proves nothing is noticed.
///
/// - [SpassTest]: secrecy and authentication of the handshake, for any number of sessions
/// - [TlcTest]: state and order: what a server keeps, restarts, the life of a channel
/// - [WindowTest]: windowed integers, for all 64-bit values
package konce.proofs;
