package dev.tenon.p2p;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import java.util.List;

/// One peer's end of a channel.
public interface Channel extends AutoCloseable {
  /// Sends without waiting. Nothing says whether it arrives; the sender's own key among the recipients is dropped.
  ///
  /// @param to explicit recipients
  /// @param message up to the channel's size
  /// @param priority before what waits without it
  /// @return how many recipients it was queued for
  int send(List<PublicKey> to, Bytes message, boolean priority);

  /// Ends it: nothing is received afterwards. Idempotent.
  @Override
  void close();
}
