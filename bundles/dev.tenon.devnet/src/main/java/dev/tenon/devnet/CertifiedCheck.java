package dev.tenon.devnet;

import dev.tenon.broadcast.Chunk;
import dev.tenon.crypto.PublicKey;
import java.util.Map;
import java.util.TreeMap;

/// Compares what sequencers hold certificates for with what they sent: each height once, none left out, and the payload
/// that belongs to it. Any thread.
final class CertifiedCheck {
  /// What was found so far.
  ///
  /// @param certified chunks, each counted once
  /// @param gaps heights that were never certified although a later one was
  /// @param wrong certified payloads that are not what was sent
  record Result(long certified, long gaps, long wrong) {}

  private final Map<PublicKey, Long> heightNext = new TreeMap<>();
  private final Runnable heard;
  private long certified;
  private long gaps;
  private long wrong;

  /// Hears of the first certified chunk of this process.
  ///
  /// @param heard called once, on the thread that reports the chunk, before [#certified] returns; must not block
  CertifiedCheck(Runnable heard) {
    this.heard = heard;
  }

  /// Takes a certificate that the chunk's own sequencer holds, in the order in which it was reported.
  ///
  /// @return false for a repetition after a restart: it counts for nothing
  synchronized boolean certified(Chunk chunk) {
    long height = chunk.height().value();
    Long next = heightNext.get(chunk.sequencer());
    if (next != null && Long.compareUnsigned(height, next) < 0) {
      return false;
    }
    if (next != null) {
      gaps += height - next;
    }
    heightNext.put(chunk.sequencer(), height + 1);
    certified++;
    if (certified == 1) {
      heard.run();
    }
    return true;
  }

  /// Takes a certified payload that is not what was sent.
  synchronized void wrong() {
    wrong++;
  }

  synchronized Result result() {
    return new Result(certified, gaps, wrong);
  }
}
