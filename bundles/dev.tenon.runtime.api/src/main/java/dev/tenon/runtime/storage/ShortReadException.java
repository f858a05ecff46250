package dev.tenon.runtime.storage;

/// A blob ends before what was to be read.
public final class ShortReadException extends StorageFailedException {
  private static final long serialVersionUID = 1L;

  /// @param text partition, blob, offset and size
  public ShortReadException(String text) {
    super(text);
  }
}
