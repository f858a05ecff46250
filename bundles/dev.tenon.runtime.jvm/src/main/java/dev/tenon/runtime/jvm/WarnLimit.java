package dev.tenon.runtime.jvm;

import java.util.concurrent.atomic.AtomicLong;

/// At most one line of a kind in a while.
final class WarnLimit {
  private final long everyNs;
  private final AtomicLong nextNs;

  WarnLimit(long everyNs) {
    this.everyNs = everyNs;
    this.nextNs = new AtomicLong(System.nanoTime());
  }

  boolean permits(long nowNs) {
    long due = nextNs.get();
    return nowNs - due >= 0 && nextNs.compareAndSet(due, nowNs + everyNs);
  }
}
