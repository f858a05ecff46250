package dev.tenon.slot;

import dev.tenon.runtime.Completion;
import dev.tenon.runtime.Promise;
import java.util.function.Function;

/// A unit of a leased slot that waits in front of its door. It is dispatched once, and ends when the provider's answer
/// does. It holds no tenure.
final class Parked<P, T> extends SlotUnit {
  private final Leases<P> slot;
  private final int bytes;
  private final Promise<T> promise;
  private final Function<? super P, Completion<T>> call;
  /// Whether the provider has taken it: how it ends is the provider's from then on, or the tenure's.
  private volatile boolean taken;

  Parked(Leases<P> slot, int bytes, Promise<T> promise, Function<? super P, Completion<T>> call) {
    this.slot = slot;
    this.bytes = bytes;
    this.promise = promise;
    this.call = call;
  }

  @Override
  public int bytes() {
    return bytes;
  }

  @Override
  @SuppressWarnings("unchecked") // the slot gives what the facade's open gave: a tenure of its own role
  public void run(Object instance) {
    Tenure<P> serving = (Tenure<P>) instance;
    int stripe = serving.enterPastDoor();
    Completion<T> owed;
    try {
      owed = call.apply(serving.provider());
    } catch (Throwable thrown) { // as for a caller that came in directly: one call says nothing of the others
      promise.failed(slot.leave(serving, stripe, thrown));
      taken = true;
      return;
    }
    serving.follow(stripe, promise, owed); // throws where the strand was given up: the slot ends what is not taken
    taken = true;
  }

  /// It ran once; whether it did is known only to the provider.
  @Override
  public boolean isIdempotent() { return false; }

  @Override
  public void deliver() {}

  @Override
  public void fail(RuntimeException cause) {
    if (!taken) {
      promise.failed(cause);
    }
  }
}
