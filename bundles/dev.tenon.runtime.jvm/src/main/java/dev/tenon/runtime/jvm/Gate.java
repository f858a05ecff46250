package dev.tenon.runtime.jvm;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts the calls inside. Once it is shut nobody enters, and whoever is last ends what lies behind it: the shutter
/// where nobody is inside, else the last call that leaves, however late.
final class Gate {
  private final Runnable atRest;
  private final AtomicInteger inside = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();
  private final CountDownLatch rest = new CountDownLatch(1);
  private volatile boolean shut;

  /// @param atRest runs once, when it is shut and nobody is inside
  Gate(Runnable atRest) {
    this.atRest = atRest;
  }

  /// @return false if it is shut; else [#leave] follows
  boolean enter() {
    inside.incrementAndGet(); // before the look: whoever shuts sees this caller, or this caller sees the shut gate
    if (shut) {
      leave();
      return false;
    }
    return true;
  }

  void leave() {
    if (inside.decrementAndGet() == 0 && shut) {
      rest();
    }
  }

  /// From now on nobody enters. Idempotent.
  void shut() {
    shut = true;
    if (inside.get() == 0) {
      rest();
    }
  }

  boolean isShut() { return shut; }

  /// Waits for those inside, for as long as they take.
  void awaitRest() {
    boolean interrupted = false;
    while (true) {
      try {
        rest.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // not ours; who was told that nobody is inside would go on beside one
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return whether nobody is inside by then; false also where the waiting thread is interrupted
  boolean awaitRest(long timeoutNs) {
    try {
      return rest.await(timeoutNs, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // a container's thread; it goes on without us
      return false;
    }
  }

  private void rest() {
    if (told.compareAndSet(false, true)) {
      try {
        atRest.run();
      } finally {
        rest.countDown();
      }
    }
  }
}
