package dev.tenon.runtime;

import java.util.function.Supplier;

/// Where CPU work above 100 µs runs: `max(1, cores - 1)` threads in production, inline in the simulator.
public interface Compute {
  /// @param <T> the answer
  /// @param pure computes without runtime calls
  /// @return ends when it has run, in any order among others; with [UnavailableException] if more than 65,536 wait
  <T> Completion<T> submit(Supplier<T> pure);
}
