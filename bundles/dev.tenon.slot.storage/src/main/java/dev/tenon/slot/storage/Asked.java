package dev.tenon.slot.storage;

import dev.tenon.runtime.Promise;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.slot.SlotUnit;
import org.jspecify.annotations.Nullable;

/// A unit whose caller waits for an answer.
///
/// @param <T> the answer
abstract class Asked<T> extends SlotUnit {
  private static final int BYTES = 128;

  private final Promise<T> promise;
  private @Nullable CorruptionException damage;

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

  /// Asks what a provider answers with a [CorruptionException] and goes on: that is told to the caller alone, and the
  /// batch goes on too.
  void telling(Runnable ask) {
    damage = null;
    try {
      ask.run();
    } catch (CorruptionException e) { // a copy, because what passed through a provider's frames holds its classes
      damage = new CorruptionException(e.partition(), e.blob(), e.offset(), e.expected(), e.found());
    }
  }

  @Override
  public void deliver() {
    CorruptionException told = damage;
    if (told == null) {
      promise.done(answer());
    } else {
      promise.failed(told);
    }
  }

  @Override
  public void fail(RuntimeException cause) {
    promise.failed(cause);
  }
}
