package dev.tenon.cli;

import java.util.List;

/// How long throughput stays down when something happens to a node that works: windows of 100 ms that stay below half
/// of the mean before, summed.
final class Dip {
  static final long WINDOW_NS = 100_000_000L;

  /// What was counted at an instant; two of them bound a window.
  ///
  /// @param atNs the clock
  /// @param count in all
  record Sample(long atNs, long count) {}

  private Dip() {}

  /// @return per second, over all windows that end at or before an instant
  static double meanBefore(List<Sample> samples, long eventNs) {
    Sample first = samples.getFirst();
    Sample last = first;
    for (Sample sample : samples) {
      last = sample.atNs() <= eventNs ? sample : last;
    }
    return last.atNs() == first.atNs() ? 0 : (last.count() - first.count()) * 1e9 / (last.atNs() - first.atNs());
  }

  /// @param fromNs windows that end later count
  /// @param toNs and no later than this
  /// @return milliseconds in which less than half of the mean was reached
  static double ms(List<Sample> samples, double mean, long fromNs, long toNs) {
    long belowNs = 0;
    for (int i = 1; i < samples.size(); i++) {
      Sample end = samples.get(i);
      long ns = end.atNs() - samples.get(i - 1).atNs();
      double rate = (end.count() - samples.get(i - 1).count()) * 1e9 / ns;
      if (end.atNs() > fromNs && end.atNs() <= toNs && rate < mean / 2) {
        belowNs += ns;
      }
    }
    return belowNs / 1e6;
  }
}
