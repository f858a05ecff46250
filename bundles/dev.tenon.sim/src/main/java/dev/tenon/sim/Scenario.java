package dev.tenon.sim;

import org.jspecify.annotations.Nullable;

/// A world to run from a seed, with the invariants that have to hold in it.
public interface Scenario {
  /// @return unique among the scenarios, in small letters with dashes
  String name();

  /// Runs it once. Independent runs may run side by side.
  ///
  /// @param seed decides everything
  /// @param trace gets one line an event, or null
  /// @return how it ended
  SimResult run(long seed, @Nullable Appendable trace);
}
