package dev.tenon.p2p;

import dev.tenon.crypto.PublicKey;
import dev.tenon.runtime.Offer;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/// Opens channels. Any thread; nothing blocks.
@ProviderType
public interface Transport {
  /// The role's name.
  String ROLE = "transport";

  /// Opens one peer's end of a channel.
  ///
  /// @param self the peer; one open end a peer and channel
  /// @param channel a name that all peers use
  /// @param messageBytesMax longer messages are refused on both sides
  /// @param received offers the message to a mailbox and answers what the mailbox said; any thread; must not block
  /// @return the channel
  Channel channel(PublicKey self, String channel, int messageBytesMax, Function<Received, Offer> received);
}
