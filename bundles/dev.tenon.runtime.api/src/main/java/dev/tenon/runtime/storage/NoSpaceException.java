package dev.tenon.runtime.storage;

/// The disk is full. Like any failed write it ends the object that threw it; opening again helps once there is room.
public final class NoSpaceException extends StorageFailedException {
  private static final long serialVersionUID = 1L;

  /// @param text what could not be written, with partition and blob
  public NoSpaceException(String text) {
    super(text);
  }
}
