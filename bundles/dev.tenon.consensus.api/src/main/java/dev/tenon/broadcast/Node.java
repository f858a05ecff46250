package dev.tenon.broadcast;

import dev.tenon.crypto.Signature;
import java.util.Optional;

/// A chunk as it travels and is journalled: `chunk ‖ signature ‖ bool ‖ [parent]`. Height 0 has no parent, every other
/// height has one. The signature covers the chunk only.
///
/// @param chunk what is ordered
/// @param signature the sequencer's, over the chunk
/// @param parent the chunk below
public record Node(Chunk chunk, Signature signature, Optional<Parent> parent) {}
