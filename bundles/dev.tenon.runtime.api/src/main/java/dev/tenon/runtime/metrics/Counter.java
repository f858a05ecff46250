package dev.tenon.runtime.metrics;

/// A count that only grows. Any thread; does not allocate.
public interface Counter {
  /// @param amount not negative
  void add(long amount);

  /// Adds one.
  default void increment() {
    add(1);
  }

  /// @return the count
  long value();

  /// Takes the series out of the exposition; later calls change nothing that is seen.
  void remove();
}
