package dev.tenon.slot.storage;

import dev.tenon.runtime.Promise;
import dev.tenon.slot.SlotUnit;

/// A unit whose caller waits for an answer.
///
/// @param <T> the answer
abstract class Asked<T> extends SlotUnit {
  private static final int BYTES = 128;

  private final Promise<T> promise;

  Asked(Promise<T> promise) {
    this.promise = promise;
  }

  Promise<T> promise() {
    return promise;
  }

  /// After the batch's sync.
  abstract T answer();

  @Override
  public int bytes() {
    return BYTES;
  }

  @Override
  public void deliver() {
    promise.done(answer());
  }

  @Override
  public void fail(RuntimeException cause) {
    promise.failed(cause);
  }
}
