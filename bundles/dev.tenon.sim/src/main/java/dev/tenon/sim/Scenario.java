package dev.tenon.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A world to run from a seed, with the invariants that have to hold in it.
public interface Scenario {
  /// @return unique among the scenarios, in small letters with dashes
  String name();

  /// @return one line that says what happens in it
  String help();

  /// @return the signature schemes that it can run with; the first is that of [#run]
  default List<String> schemes() {
    return List.of("null");
  }

  /// @param scheme one of [#schemes]
  /// @return the same scenario with that scheme
  default Scenario with(String scheme) {
    if (!schemes().contains(scheme)) {
      throw new IllegalArgumentException("scenario " + name() + " knows the schemes " + schemes() + ", not " + scheme);
    }
    return this;
  }

  /// Runs it once. Independent runs may run side by side.
  ///
  /// @param seed decides everything
  /// @param trace gets one line an event, or null
  /// @return how it ended
  SimResult run(long seed, @Nullable Appendable trace);
}
