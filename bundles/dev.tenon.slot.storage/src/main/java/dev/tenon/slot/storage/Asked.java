package dev.tenon.slot.storage;

import dev.tenon.runtime.Promise;
import dev.tenon.runtime.storage.CorruptionException;
import dev.tenon.runtime.storage.FencedException;
import dev.tenon.slot.SlotUnit;
import org.jspecify.annotations.Nullable;

/// A unit whose caller waits for an answer.
///
/// @param <T> the answer
abstract class Asked<T> extends SlotUnit {
  private static final int BYTES = 128;

  private final Promise<T> promise;
  private final @Nullable Namespace space;
  private @Nullable RuntimeException told;

  Asked(Promise<T> promise) {
    this(promise, null);
  }

  /// @param space of the instance of a slot above whose strand waits; null where an engine asks
  Asked(Promise<T> promise, @Nullable Namespace space) {
    this.promise = promise;
    this.space = space;
  }

  @Nullable
  Namespace space() {
    return space;
  }

  @Override
  public boolean parks() {
    return space == null;
  }

  Promise<T> promise() {
    return promise;
  }

  /// After the batch's sync.
  abstract T answer();

  /// What has an answer here is asked once more without harm: as the contracts' methods are annotated.
  @Override
  public boolean isIdempotent() { return true; }

  @Override
  public int bytes() {
    return BYTES;
  }

  /// Asks what a provider refuses and goes on, as by a [CorruptionException]: that is told to the caller alone, and the
  /// batch goes on too.
  void telling(Runnable ask) {
    refusing(() -> {
      try {
        ask.run();
      } catch (CorruptionException e) { // a copy, because what passed through a provider's frames holds its classes
        told = new CorruptionException(e.partition(), e.blob(), e.offset(), e.expected(), e.found());
      }
    });
  }

  /// Asks what the facade may refuse, and what a provider does or ends by: damage that a removal finds ends the
  /// instance, and the removal may have begun.
  void refusing(Runnable ask) {
    told = null;
    try {
      ask.run();
    } catch (FencedOwnerException fenced) {
      told = new FencedException(String.valueOf(fenced.getMessage()));
    } catch (RefusedNameException refused) {
      told = new IllegalArgumentException(String.valueOf(refused.getMessage()));
    }
  }

  @Override
  public void deliver() {
    RuntimeException cause = told;
    if (cause == null) {
      promise.done(answer());
    } else {
      promise.failed(cause);
    }
  }

  @Override
  public void fail(RuntimeException cause) {
    promise.failed(cause);
  }
}
