package dev.tenon.cli;

import java.util.List;

/// What of some figures so large a share is below.
final class Quantile {
  private Quantile() {}

  /// @param share 0 for the least, 1 for the largest
  /// @return 0 where there are no values
  static double of(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share)));
  }
}
