package dev.tenon.itests.jcstress;

import dev.tenon.runtime.Waiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One permit for one thread, as the runtime's: it sleeps at once, so that a lost wake-up shows.
final class Permit implements Waiter {
  private static final long NS_MAX = 2_000_000_000L;

  private final AtomicBoolean permit = new AtomicBoolean();
  private volatile @Nullable Thread sleeper;

  static long deadlineNs() {
    return System.nanoTime() + NS_MAX;
  }

  @Override
  public void wake() {
    permit.set(true);
    Thread asleep = sleeper;
    if (asleep != null) {
      LockSupport.unpark(asleep);
    }
  }

  @Override
  public boolean sleepUntil(long deadlineNs) {
    sleeper = Thread.currentThread();
    while (!permit.compareAndSet(true, false)) {
      long left = deadlineNs - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      LockSupport.parkNanos(this, left);
    }
    return true;
  }
}
