package dev.tenon.itests.support;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for a condition, and no longer than a deadline.
public final class Await {
  private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private Await() {
  }

  /// @param what is awaited, for the failure's text
  /// @param seconds the deadline
  /// @param condition asked again and again
  public static void until(String what, int seconds, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) throw new AssertionError("not within " + seconds + " s: " + what);
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
