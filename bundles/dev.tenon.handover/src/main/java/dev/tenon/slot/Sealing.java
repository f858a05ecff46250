package dev.tenon.slot;

import dev.tenon.runtime.Waiter;
import dev.tenon.runtime.role.Reply;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One seal of one actor: what it answered, if it did.
final class Sealing<S> implements Reply<S> {
  private final Waiter drainer;
  private final ReentrantLock lock;
  /// Under the lock; read without it too.
  private volatile @Nullable S summary;
  private volatile @Nullable RuntimeException refusal;
  private boolean takenBack;

  /// @param lock the mailbox's
  Sealing(Waiter drainer, ReentrantLock lock) {
    this.drainer = drainer;
    this.lock = lock;
  }

  @Override
  public boolean done(S value) {
    lock.lock();
    try {
      if (isAnswered() || takenBack) {
        return false;
      }
      summary = value;
    } finally {
      lock.unlock();
    }
    drainer.wake();
    return true;
  }

  @Override
  public boolean failed(RuntimeException cause) {
    RuntimeException told = Leases.told(cause); // asks the provider's exception: not under the lock
    lock.lock();
    try {
      if (isAnswered() || takenBack) {
        return false;
      }
      refusal = told;
    } finally {
      lock.unlock();
    }
    drainer.wake();
    return true;
  }

  @Override
  public boolean isWanted() {
    lock.lock();
    try {
      return !isAnswered() && !takenBack;
    } finally {
      lock.unlock();
    }
  }

  /// From here on nothing its actor says counts.
  boolean isAnswered() { return summary != null || refusal != null; }

  /// Under the lock: who sealed goes on, or is gone.
  void takeBack() {
    takenBack = true;
  }

  void wake() {
    drainer.wake();
  }

  boolean sleepUntil(long deadlineNs) {
    return drainer.sleepUntil(deadlineNs);
  }

  @Nullable
  S summary() {
    return summary;
  }

  @Nullable
  RuntimeException refusal() {
    return refusal;
  }
}
