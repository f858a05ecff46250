package dev.tenon.devnet;

import dev.tenon.codec.Bytes;
import dev.tenon.consensus.Height;
import dev.tenon.crypto.Digest;
import dev.tenon.crypto.PublicKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where sequencers pin payload bytes and validators of the same process take them: the relay, until payloads travel by
/// network. Holds the newest few of each sequencer. Any thread.
final class PayloadBoard {
  /// One that is being certified, one that validators may still ask for.
  private static final int KEPT_PER_SEQUENCER = 2;
  private static final int WAITING_MAX = 8_192;

  private record Pinned(Height height, Payload payload) {}

  private final Map<PublicKey, ArrayDeque<Pinned>> pinned = new TreeMap<>();
  private final Map<Digest, List<Consumer<Bytes>>> waiting = new LinkedHashMap<>();
  private int waitingCount;

  /// Pins one payload and hands it to all that wait for it.
  void pin(PublicKey sequencer, Height height, Payload payload) {
    List<Consumer<Bytes>> takers;
    synchronized (this) {
      ArrayDeque<Pinned> own = pinned.computeIfAbsent(sequencer, key -> new ArrayDeque<>());
      own.removeIf(earlier -> earlier.payload().digest().equals(payload.digest()));
      own.addLast(new Pinned(height, payload));
      if (own.size() > KEPT_PER_SEQUENCER) {
        own.removeFirst();
      }
      List<Consumer<Bytes>> found = waiting.remove(payload.digest());
      takers = found == null ? List.of() : found;
      waitingCount -= takers.size();
    }
    takers.forEach(taker -> taker.accept(payload.bytes()));
  }

  /// Whether a payload is pinned for a height.
  synchronized boolean holds(PublicKey sequencer, Digest digest, Height height) {
    Pinned found = pinned(sequencer, digest);
    return found != null && found.height().equals(height);
  }

  /// Takes the bytes of a payload now, or when they come.
  ///
  /// @param taker called once, on any thread; must not block
  /// @return false if too many wait already: the taker is not kept
  boolean take(PublicKey sequencer, Digest digest, Consumer<Bytes> taker) {
    Pinned found;
    synchronized (this) {
      found = pinned(sequencer, digest);
      if (found == null) {
        if (waitingCount == WAITING_MAX) {
          return false;
        }
        waiting.computeIfAbsent(digest, key -> new ArrayList<>()).add(taker);
        waitingCount++;
      }
    }
    if (found != null) {
      taker.accept(found.payload().bytes());
    }
    return true;
  }

  /// Gives up waiting. Nothing happens where the payload has come.
  ///
  /// @param taker as it was given to [#take]
  synchronized void leave(Digest digest, Consumer<Bytes> taker) {
    List<Consumer<Bytes>> takers = waiting.get(digest);
    if (takers != null && takers.remove(taker)) {
      waitingCount--;
      if (takers.isEmpty()) {
        waiting.remove(digest);
      }
    }
  }

  private @Nullable Pinned pinned(PublicKey sequencer, Digest digest) {
    ArrayDeque<Pinned> own = pinned.get(sequencer);
    if (own != null) {
      for (Pinned entry : own) {
        if (entry.payload().digest().equals(digest)) {
          return entry;
        }
      }
    }
    return null;
  }
}
