package dev.tenon.slot;

import org.osgi.annotation.versioning.ConsumerType;

/// One unit of a queued role, made by its facade. It waits in the slot's queue, is run on the slot's strand in a batch
/// and ends by [#deliver] or by [#fail], once; but where its strand is given up within [#deliver], [#fail] is called on
/// another thread all the same, and the first end counts. It holds nothing of a provider.
@ConsumerType
public abstract class SlotUnit {
  private long enteredNs;
  private int attempts;
  private long place;

  /// For facades.
  protected SlotUnit() {}

  /// What it holds of the slot's bytes bound.
  ///
  /// @return bytes, always the same
  public abstract int bytes();

  /// Runs on the slot's strand: asks the instance, keeps the answer.
  ///
  /// @param instance what [QueuedFacade#open] gave
  public abstract void run(Object instance);

  /// Whether the batch has to sync before this unit's end is delivered. Asked after [#run].
  ///
  /// @return true for a commit
  public boolean wantsSync() {
    return false;
  }

  /// Whether the facade keeps it after [#run] and applies it again by itself in [QueuedFacade#resume]. It then counts
  /// against the slot's bounds until [SlotPort#release], and is never put back into the queue.
  ///
  /// @return true for what changes the store and has no end of its own
  public boolean isKept() { return false; }

  /// Whether it may be dispatched again after a failure. If not, it ends with
  /// [dev.tenon.runtime.OutcomeUnknownException].
  ///
  /// @return whether its method is [dev.tenon.runtime.role.Idempotent]
  public boolean isIdempotent() { return false; }

  /// Whether it ends when the park timeout has passed. What has its index does not.
  ///
  /// @return true where a caller waits
  public boolean expires() {
    return true;
  }

  /// Whether it waits while the slot has no provider. If not, a strand of a slot above waits for it, and it ends at
  /// once.
  ///
  /// @return always the same
  public boolean parks() {
    return true;
  }

  /// Ends it well, after the batch's sync; one that wants none, after it has run, also where the batch has failed
  /// since.
  public abstract void deliver();

  /// Ends it badly.
  ///
  /// @param cause holds nothing of a provider
  public abstract void fail(RuntimeException cause);

  /// For a facade that uses its units again: as new. Only once nobody else looks at this one: units that a batch ends
  /// with [#deliver] have been left by then, as have all that came before such a one in its batch and in earlier ones.
  protected final void renew() {
    attempts = 0;
  }

  /// For the slot: it enters the queue.
  ///
  /// @param nowNs on the node's clock; 0 where it does not expire
  public final void entered(long nowNs) {
    enteredNs = nowNs;
  }

  /// For the slot: when it entered.
  ///
  /// @return as given to [#entered]
  public final long enteredNs() {
    return enteredNs;
  }

  /// For the slot: it has a place in the queue. Under the queue's lock.
  ///
  /// @param inQueue the place
  public final void placed(long inQueue) {
    place = inQueue;
  }

  /// For the slot: its last place in the queue, whether it still stands there or not.
  ///
  /// @return under the queue's lock
  public final long place() {
    return place;
  }

  /// For the slot: it is dispatched.
  public final void dispatched() {
    attempts++;
  }

  /// For the slot: how often it was dispatched.
  ///
  /// @return 0 if never
  public final int attempts() {
    return attempts;
  }
}
