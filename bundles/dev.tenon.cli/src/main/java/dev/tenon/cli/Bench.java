package dev.tenon.cli;

import java.io.IOException;

/// A benchmark that `./tenon bench` knows by name.
interface Bench {
  /// @return its name, such as `flush`
  String name();

  /// @return one sentence: what is measured, and in which unit
  String help();

  /// @param results gets each figure
  /// @throws IOException if it cannot run
  void run(Results results) throws IOException;

  /// Holds what it told against its bounds; where it has none, that is said.
  ///
  /// @param told all figures of a run
  default void check(BenchCheck told) {
    // Nothing is wanted of it.
  }

  /// Where figures go.
  interface Results {
    /// @param metric what was measured, such as `force_p99`
    /// @param value the figure
    /// @param unit its unit
    void add(String metric, double value, String unit);

    /// Something to know beside the figures.
    ///
    /// @param text one line
    default void note(String text) {
      // Most have no place for it.
    }
  }
}
