package dev.tenon.runtime.network;

/// Which queue a frame waits in.
public enum Urgency {
  /// Sent before what waits as [#NORMAL].
  PRIORITY,
  /// In order.
  NORMAL
}
