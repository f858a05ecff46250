package dev.tenon.slot;

import dev.tenon.runtime.storage.StorageFailedException;

/// What a facade knows to be durable is not there any more. Worse than damage that a provider reports: whoever opens
/// the location next may find nothing wrong with what is left, so the slot's record has to remember it.
public final class LostItemsException extends StorageFailedException {
  private static final long serialVersionUID = 1L;

  /// @param message what is missing, in one line
  public LostItemsException(String message) {
    super(message);
  }
}
