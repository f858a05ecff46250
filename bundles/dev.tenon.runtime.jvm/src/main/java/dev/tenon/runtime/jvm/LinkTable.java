package dev.tenon.runtime.jvm;

import dev.tenon.codec.Bytes;
import dev.tenon.codec.Check;
import dev.tenon.runtime.Offer;
import dev.tenon.runtime.network.Frame;
import dev.tenon.runtime.network.Link;
import dev.tenon.runtime.network.PeerId;
import dev.tenon.runtime.network.Urgency;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// The links of all nodes of the process. A frame goes straight into the receiver's mailbox, so no frame waits here:
/// the bound is the mailbox's, its answer is the sender's, and an urgent frame has nothing to overtake.
final class LinkTable {
  private record Key(String channel, PeerId peer) {}

  private final ConcurrentHashMap<Key, End> ends = new ConcurrentHashMap<>();

  /// One peer's end.
  final class End implements Link {
    private final JvmRuntime runtime;
    private final Key key;
    private final Function<Frame, Offer> received;
    private volatile boolean open = true;

    private End(JvmRuntime runtime, Key key, Function<Frame, Offer> received) {
      this.runtime = runtime;
      this.key = key;
      this.received = received;
    }

    @Override
    public Offer send(PeerId to, Bytes frame, Urgency urgency) {
      runtime.checkCall();
      if (!open) {
        return Offer.CLOSED;
      }
      if (to.equals(key.peer())) {
        return Offer.OK; // dropped
      }
      var end = ends.get(new Key(key.channel(), to));
      return end == null || !end.open ? Offer.CLOSED : end.received.apply(new Frame(key.peer(), frame));
    }

    @Override
    public void close() {
      open = false;
      ends.remove(key, this);
      runtime.ended(this);
    }
  }

  End link(JvmRuntime runtime, PeerId self, String channel, Function<Frame, Offer> received) {
    var end = new End(runtime, new Key(channel, self), received);
    Check.that(ends.putIfAbsent(end.key, end) == null, "one living link a peer and channel");
    return end;
  }
}
