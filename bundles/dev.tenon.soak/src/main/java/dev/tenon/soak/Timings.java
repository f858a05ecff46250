package dev.tenon.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What something took, until somebody asks. Any thread.
final class Timings {
  private static final int KEPT_MAX = 1 << 20;

  private final List<Long> tookNs = new ArrayList<>();

  synchronized void add(long ns) {
    if (tookNs.size() < KEPT_MAX) {
      tookNs.add(ns);
    }
  }

  /// All since the last call, in nanoseconds, with spaces between.
  synchronized String take() {
    String taken = tookNs.stream().map(ns -> Long.toString(ns)).collect(Collectors.joining(" "));
    tookNs.clear();
    return taken;
  }
}
