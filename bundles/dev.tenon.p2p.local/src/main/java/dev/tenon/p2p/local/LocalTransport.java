package dev.tenon.p2p.local;

import dev.tenon.codec.Bytes;
import dev.tenon.crypto.PublicKey;
import dev.tenon.p2p.Channel;
import dev.tenon.p2p.Received;
import dev.tenon.p2p.Transport;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.Runtime;
import dev.tenon.runtime.metrics.Counter;
import dev.tenon.runtime.network.Link;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import java.util.List;
import java.util.function.Function;

/// Channels made of the runtime's own links: peers of one process, or of one simulation. Knows nothing of OSGi.
public final class LocalTransport implements Transport {
  private final Runtime runtime;

  /// Opens nothing yet.
  ///
  /// @param runtime has the links
  public LocalTransport(Runtime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Channel channel(PublicKey self, String channel, int messageBytesMax, Function<Received, Offer> received) {
    Counter refused = runtime.metrics().counter("tenon_p2p_refused_total",
        "Messages that a receiver's bounded mailbox or a size limit refused.", "node", runtime.node());
    Link link = runtime.network().link(new PeerId(self.bytes()), channel, frame -> {
      if (frame.bytes().size() > messageBytesMax) {
        refused.increment();
        return Offer.REJECTED;
      }
      Offer answer = received.apply(new Received(new PublicKey(frame.from().key()), frame.bytes()));
      if (answer == Offer.REJECTED) {
        refused.increment();
      }
      return answer;
    });
    return new LocalChannel(self, messageBytesMax, link);
  }

  private record LocalChannel(PublicKey self, int messageBytesMax, Link link) implements Channel {
    @Override
    public int send(List<PublicKey> to, Bytes message, boolean priority) {
      if (message.size() > messageBytesMax) {
        throw new IllegalArgumentException(
            "a message has at most " + messageBytesMax + " bytes, not " + message.size());
      }
      int queued = 0;
      for (PublicKey peer : to) {
        if (!peer.equals(self)) {
          Offer answer = link.send(new PeerId(peer.bytes()), message, priority ? Urgency.PRIORITY : Urgency.NORMAL);
          queued += answer == Offer.OK || answer == Offer.BACKOFF ? 1 : 0;
        }
      }
      return queued;
    }

    @Override
    public void close() {
      link.close();
    }
  }
}
