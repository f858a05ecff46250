package dev.tenon.runtime.network;

import dev.tenon.runtime.Offer;
import java.util.function.Function;

/// Links between peers.
public interface Network {
  /// @param self whose end it is; one living link a peer and channel
  /// @param channel a name both sides use
  /// @param received offers the frame to a mailbox and answers what the mailbox said; any thread; never blocks
  /// @return the link
  Link link(PeerId self, String channel, Function<Frame, Offer> received);
}
