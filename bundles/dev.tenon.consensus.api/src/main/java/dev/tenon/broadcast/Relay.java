package dev.tenon.broadcast;

import dev.tenon.crypto.Digest;
import org.osgi.annotation.versioning.ConsumerType;

/// Spreads payload bytes to the validators. Called in the engine's turn; must not block.
@ConsumerType
public interface Relay {
  /// Spreads one payload, before its node is sent and at every repetition.
  ///
  /// @param payload made by this node's [Automaton]
  void broadcast(Digest payload);
}
