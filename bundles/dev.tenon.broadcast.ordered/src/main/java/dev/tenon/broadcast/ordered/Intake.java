package dev.tenon.broadcast.ordered;

import dev.tenon.crypto.PublicKey;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.Offer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// What has arrived from peers and was not yet handled. Any thread puts in, the engine takes out.
///
/// Nodes and acks take turns, and so do the peers of each: neither a flood of one kind nor one of one peer keeps the
/// others waiting, which the order of a mailbox's lanes cannot promise. A peer that sends more than is handled is
/// refused beyond its own share. Where all is taken, who has less waiting gets the place of the newest message of who
/// has most: however many peers flood, each of the others has room.
final class Intake {
  /// Messages of one kind that wait at most.
  static final int MESSAGES_MAX = 1_024;

  /// Messages of one kind and one peer that wait at most.
  static final int PEER_MESSAGES_MAX = 64;

  /// Bytes of one kind that wait at most.
  static final long BYTES_MAX = 64L << 20;

  /// Bytes of one kind and one peer that wait at most, unless it is a single message.
  static final long PEER_BYTES_MAX = 2L << 20;

  private static final class Share {
    private final ArrayDeque<Received> waiting = new ArrayDeque<>();
    private long bytes;
  }

  private static final class Kind {
    private final Map<PublicKey, Share> shares = new LinkedHashMap<>(); // the next peer's first; none is empty
    private final AtomicInteger dropped = new AtomicInteger(); // and not yet told
    private int messages;
    private long bytes;

    private boolean put(Received received) {
      int size = received.message().size();
      Share known = shares.get(received.from());
      boolean fits = (known == null
          || (known.waiting.size() < PEER_MESSAGES_MAX && known.bytes + size <= PEER_BYTES_MAX))
          && hasRoom(known == null ? 0 : known.waiting.size(), known == null ? 0 : known.bytes, size);
      if (!fits) {
        dropped.incrementAndGet();
      } else {
        Share share = known == null ? new Share() : known;
        shares.putIfAbsent(received.from(), share);
        share.waiting.add(received);
        share.bytes += size;
        messages++;
        bytes += size;
      }
      return fits;
    }

    /// Whether there is room for one more, after others' have been dropped for it where that is fair.
    private boolean hasRoom(int ofPeer, long bytesOfPeer, int size) {
      while (messages >= MESSAGES_MAX || bytes + size > BYTES_MAX) {
        Map.Entry<PublicKey, Share> most = messages >= MESSAGES_MAX
            ? most(share -> share.waiting.size(), ofPeer + 1)
            : most(share -> share.bytes, bytesOfPeer + size);
        if (most == null) {
          return false;
        }
        Received newest = most.getValue().waiting.removeLast();
        most.getValue().bytes -= newest.message().size();
        messages--;
        bytes -= newest.message().size();
        dropped.incrementAndGet();
        if (most.getValue().waiting.isEmpty()) {
          shares.remove(most.getKey());
        }
      }
      return true;
    }

    /// The peer with most, if it is more than so much.
    private Map.@Nullable Entry<PublicKey, Share> most(ToLongFunction<Share> measure, long than) {
      Map.Entry<PublicKey, Share> most = null;
      long highest = than;
      for (Map.Entry<PublicKey, Share> entry : shares.entrySet()) {
        long value = measure.applyAsLong(entry.getValue());
        if (value > highest) {
          most = entry;
          highest = value;
        }
      }
      return most;
    }

    private Received take() {
      Iterator<Map.Entry<PublicKey, Share>> peers = shares.entrySet().iterator();
      Map.Entry<PublicKey, Share> next = peers.next();
      Share share = next.getValue();
      Received taken = share.waiting.remove();
      int size = taken.message().size();
      share.bytes -= size;
      messages--;
      bytes -= size;
      peers.remove();
      if (!share.waiting.isEmpty()) {
        shares.put(taken.from(), share);
      }
      return taken;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Kind nodes = new Kind();
  private final Kind acks = new Kind();
  private boolean isAcksTurn = true;

  /// Keeps a node for the engine.
  ///
  /// @return REJECTED if it was not kept
  Offer putNode(Received received) {
    return put(nodes, received);
  }

  /// Keeps an ack for the engine.
  ///
  /// @return REJECTED if it was not kept
  Offer putAck(Received received) {
    return put(acks, received);
  }

  /// How many nodes were refused or had to give way since this was last asked.
  int droppedNodes() {
    return nodes.dropped.getAndSet(0);
  }

  /// How many acks were refused or had to give way since this was last asked.
  int droppedAcks() {
    return acks.dropped.getAndSet(0);
  }

  private Offer put(Kind kind, Received received) {
    lock.lock();
    try {
      return !kind.put(received) ? Offer.REJECTED
          : kind.messages > MESSAGES_MAX / 4 * 3 ? Offer.BACKOFF : Offer.OK;
    } finally {
      lock.unlock();
    }
  }

  /// What the engine handles next.
  ///
  /// @return empty if nothing waits
  Optional<Message> take() {
    lock.lock();
    try {
      boolean takesAck = acks.messages > 0 && (isAcksTurn || nodes.messages == 0);
      if (!takesAck && nodes.messages == 0) {
        return Optional.empty();
      }
      isAcksTurn = !takesAck;
      return Optional.of(takesAck ? new Message.AckArrived(acks.take()) : new Message.NodeArrived(nodes.take()));
    } finally {
      lock.unlock();
    }
  }
}
