package dev.tenon.runtime.storage;

import dev.tenon.codec.TenonException;

/// A disk or store failed. The object that threw it is dead: drop it and open again.
public class StorageFailedException extends TenonException {
  private static final long serialVersionUID = 1L;

  /// @param text what failed, with partition and blob
  public StorageFailedException(String text) {
    super(text);
  }

  /// @param text what failed, with partition and blob
  /// @param cause the system's own error
  public StorageFailedException(String text, Throwable cause) {
    super(text, cause);
  }
}
