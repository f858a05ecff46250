package dev.tenon.broadcast;

import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.certificate.Certificate;

/// The proof that the chunk one height below was certified: `32 bytes digest ‖ varint epoch ‖ certificate`.
///
/// @param digest the payload of that chunk
/// @param epoch in which it was certified
/// @param certificate over that chunk in that epoch
public record Parent(Digest digest, Epoch epoch, Certificate certificate) {}
