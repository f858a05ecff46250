package dev.tenon.handover;

/// Somebody who waits, for a bounded time, until slots have let go.
public interface Departure {
  /// All have.
  void done();
}
