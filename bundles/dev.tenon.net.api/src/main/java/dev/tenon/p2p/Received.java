package dev.tenon.p2p;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;

/// What arrived.
///
/// @param from authenticated by the transport
/// @param message as it was sent
public record Received(PublicKey from, Bytes message) {}
