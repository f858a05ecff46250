package dev.tenon.broadcast;

import dev.tenon.crypto.Digest;
import org.osgi.annotation.versioning.ConsumerType;

/// Spreads payload bytes to the validators. Called in the engine's turn; must not block. Where it throws, the node is
/// not sent but at the next repetition.
@ConsumerType
public interface Relay {
  /// Spreads one payload, before its node is sent and at every repetition.
  ///
  /// @param context whose chain and which height: after a restart the bytes may have to be made again
  /// @param payload made by this node's [Automaton]
  void broadcast(Context context, Digest payload);
}
