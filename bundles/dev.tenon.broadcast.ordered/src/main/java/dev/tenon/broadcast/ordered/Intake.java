package dev.tenon.broadcast.ordered;

import dev.tenon.crypto.PublicKey;
import dev.tenon.p2p.Received;
import dev.tenon.runtime.Offer;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What has arrived from peers and was not yet handled. Any thread puts in, the engine takes out.
///
/// Nodes and acks take turns, and so do the peers of each: neither a flood of one kind nor one of one peer keeps the
/// others waiting, which the order of a mailbox's lanes cannot promise. A peer that sends more than is handled is
/// refused beyond its own share, while there is room for the others.
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
    private int messages;
    private long bytes;

    private boolean put(Received received) {
      int size = received.message().size();
      Share known = shares.get(received.from());
      boolean fits = messages < MESSAGES_MAX && bytes + size <= BYTES_MAX && (known == null
          || (known.waiting.size() < PEER_MESSAGES_MAX && known.bytes + size <= PEER_BYTES_MAX));
      if (fits) {
        Share share = known == null ? new Share() : known;
        shares.putIfAbsent(received.from(), share);
        share.waiting.add(received);
        share.bytes += size;
        messages++;
        bytes += size;
      }
      return fits;
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
