package dev.tenon.runtime;

/// The immediate answer to a sender.
public enum Offer {
  /// It was taken.
  OK,
  /// It was taken, but the lane is more than three quarters full: send less.
  BACKOFF,
  /// The lane is full and the message was not taken.
  REJECTED,
  /// The receiver has ended; the message was not taken.
  CLOSED
}
