package dev.tenon.runtime.jvm;

import dev.tenon.runtime.Stopped;
import dev.tenon.runtime.UnavailableException;
import dev.tenon.runtime.Waiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A [Waiter] on a parked thread.
final class Permit implements Waiter {
  private final JvmRuntime runtime;
  private final AtomicBoolean permit = new AtomicBoolean();
  private volatile @Nullable Thread sleeper;

  Permit(JvmRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public void wake() {
    // Both are volatile: either this sees the sleeper, or the sleeper sees the permit.
    permit.set(true);
    var thread = sleeper;
    if (thread != null) {
      LockSupport.unpark(thread);
    }
  }

  /// @throws Stopped if the sleeping strand or its node ends meanwhile
  /// @throws UnavailableException if too many strands wait already
  @Override
  public boolean sleepUntil(long deadlineNs) {
    runtime.checkCall();
    Caller.checkMayBlock();
    if (permit.compareAndSet(true, false)) {
      return true;
    }
    if (!runtime.pools().io().blocked()) {
      throw new UnavailableException("as many strands wait as may");
    }
    sleeper = Thread.currentThread();
    try {
      while (!permit.compareAndSet(true, false)) {
        runtime.checkCall();
        long left = deadlineNs - runtime.clock().monotonicNs();
        if (left <= 0) {
          return permit.compareAndSet(true, false);
        }
        LockSupport.parkNanos(this, left);
        // An interrupted thread does not park any more and would spin here. Nobody of Tenon interrupts.
        Thread.interrupted();
      }
      return true;
    } finally {
      sleeper = null;
      runtime.pools().io().unblocked();
    }
  }
}
