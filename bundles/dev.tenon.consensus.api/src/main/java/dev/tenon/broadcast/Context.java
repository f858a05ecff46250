package dev.tenon.broadcast;

import dev.tenon.consensus.Height;
import dev.tenon.crypto.PublicKey;

/// What the automaton is asked about.
///
/// @param sequencer whose chain
/// @param height the place in it
public record Context(PublicKey sequencer, Height height) {}
