package dev.tenon.devnet;

import java.util.concurrent.atomic.AtomicLong;

/// Spreads the proposals of all sequencers evenly over time. Any thread.
final class Pace {
  private static final long SECOND_NS = 1_000_000_000L;

  private final AtomicLong nextNs = new AtomicLong(Long.MIN_VALUE);
  private volatile long intervalNs;

  /// @param perSecond over all sequencers; 0 for as fast as they are certified
  Pace(int perSecond) {
    set(perSecond);
  }

  void set(int perSecond) {
    intervalNs = perSecond == 0 ? 0 : SECOND_NS / perSecond;
  }

  /// Takes the next place.
  ///
  /// @param nowNs monotonic, of the process: runtimes begin anew with zero, and places may lie far ahead of that
  /// @return how long to wait for it
  long delayNs(long nowNs) {
    long interval = intervalNs;
    if (interval == 0) {
      return 0;
    }
    long place = nextNs.updateAndGet(next -> Math.max(next + interval, nowNs));
    return place - nowNs;
  }
}
