package dev.tenon.runtime.network;

import dev.tenon.codec.Bytes;

/// What arrived on a link.
///
/// @param from authenticated by the link
/// @param bytes as they were sent
public record Frame(PeerId from, Bytes bytes) {}
