package dev.tenon.runtime;

/// Time. Virtual in the simulator.
public interface Clock {
  /// @return nanoseconds since some fixed instant, never falling
  long monotonicNs();

  /// @return milliseconds since 1970-01-01 UTC; only for fields on the wire and lines in a log
  long wallMs();
}
