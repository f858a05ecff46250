package dev.tenon.cli;

import java.util.List;

/// How much of a benchmark is run; 0 for what it does by itself.
///
/// @param rounds swaps, or pairs of slices
/// @param seconds after which a row ends
/// @param mib of the journal that is swapped
/// @param set configuration of the node, `PID.key=value` each
record BenchExtent(int rounds, int seconds, int mib, List<String> set) {
  int rounds(int usual) {
    return rounds > 0 ? rounds : usual;
  }

  int seconds(int usual) {
    return seconds > 0 ? seconds : usual;
  }

  int mib(int usual) {
    return mib > 0 ? mib : usual;
  }
}
