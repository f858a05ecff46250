package dev.tenon.sim;

import java.time.Duration;
import java.util.List;

/// What a scenario's run came to.
///
/// @param digest of the event trace, 32 hex digits, the same at every run of the same build
/// @param handlerRuns messages handled
/// @param virtualTime how far the clock came
/// @param violations broken invariants, as sentences; empty is a pass
public record SimResult(String digest, long handlerRuns, Duration virtualTime, List<String> violations) {
  /// Copies the list.
  public SimResult {
    violations = List.copyOf(violations);
  }

  /// @param simulation after its run
  /// @param violations broken invariants
  /// @return its result
  public static SimResult of(Simulation simulation, List<String> violations) {
    return new SimResult(simulation.digest(), simulation.handlerRuns(), simulation.now(), violations);
  }

  /// @return whether nothing was violated
  public boolean passed() {
    return violations.isEmpty();
  }
}
