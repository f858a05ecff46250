package dev.tenon.runtime.metrics;

/// A value that may rise and fall. Any thread; does not allocate.
public interface Gauge {
  /// @param value the new value
  void set(double value);

  /// @return the value
  double value();

  /// Takes the series out of the exposition; later calls change nothing that is seen.
  void remove();
}
