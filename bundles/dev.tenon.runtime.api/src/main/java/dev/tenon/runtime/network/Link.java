package dev.tenon.runtime.network;

import dev.tenon.codec.Bytes;
import dev.tenon.runtime.Offer;

/// One peer's end of a channel.
public interface Link extends AutoCloseable {
  /// Sends without waiting. Nothing says whether it arrives; frames between two peers of one channel keep their order
  /// in production, and may be lost, doubled or reordered in the simulator.
  ///
  /// @param to a peer; to oneself is dropped
  /// @param frame the bytes
  /// @param urgency which queue
  /// @return [Offer#CLOSED] if nobody of that name is linked now; [Offer#REJECTED] if its queue is full
  Offer send(PeerId to, Bytes frame, Urgency urgency);

  /// Ends it: nothing is received afterwards.
  @Override
  void close();
}
