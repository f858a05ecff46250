package dev.tenon.crypto;

import dev.tenon.codec.Bytes;

/// The encoding of a signature. Whether it is one shows only when it is verified.
///
/// @param bytes as on the wire
public record Signature(Bytes bytes) {}
