package dev.tenon.runtime.metrics;

/// A distribution. Any thread; does not allocate.
public interface Histogram {
  /// @param value one observation, in the unit of the name
  void observe(double value);

  /// @return how many observations
  long count();

  /// @return their sum
  double sum();

  /// Takes the series out of the exposition; later calls change nothing that is seen.
  void remove();
}
