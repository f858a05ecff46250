package dev.tenon.broadcast;

import dev.tenon.crypto.Signature;

/// A chunk with its sequencer's signature: `chunk ‖ signature`.
///
/// @param chunk what is ordered
/// @param signature the sequencer's, over the chunk
public record Proposal(Chunk chunk, Signature signature) {}
