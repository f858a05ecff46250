package dev.tenon.runtime;

/// One message that comes later.
public interface Timer {
  /// Takes it back. A cancelled timer's message is never handled, even if it was queued. Does nothing afterwards.
  void cancel();
}
