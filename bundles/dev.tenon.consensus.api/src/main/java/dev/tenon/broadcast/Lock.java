package dev.tenon.broadcast;

import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.certificate.Certificate;

/// A chunk with its certificate: `chunk ‖ varint epoch ‖ certificate`.
///
/// @param chunk what was certified
/// @param epoch in which
/// @param certificate the proof
public record Lock(Chunk chunk, Epoch epoch, Certificate certificate) {}
