package dev.tenon.devnet;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.Digest;

/// What a chunk names: an 8-byte counter and a file's bytes, with their SHA-256.
///
/// @param digest of the bytes
/// @param bytes counter and file
record Payload(Digest digest, Bytes bytes) {}
