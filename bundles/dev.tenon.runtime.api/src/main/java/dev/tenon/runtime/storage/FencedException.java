package dev.tenon.runtime.storage;

/// The storage view was revoked: a newer generation owns the data, or the instance has ended. Drop the handle.
public final class FencedException extends StorageFailedException {
  private static final long serialVersionUID = 1L;

  /// @param text which view
  public FencedException(String text) {
    super(text);
  }
}
