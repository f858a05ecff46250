package dev.tenon.broadcast;

import dev.tenon.consensus.Epoch;
import dev.tenon.crypto.certificate.Attestation;

/// A validator's vote for a chunk in an epoch: `chunk ‖ varint epoch ‖ attestation`.
///
/// @param chunk what is voted for
/// @param epoch of the vote
/// @param attestation who votes, with the signature
public record Ack(Chunk chunk, Epoch epoch, Attestation attestation) {}
