package dev.tenon.scenarios;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What runs have come to see, and how often: a scenario that never reaches what it is for would pass for ever.
final class Coverage {
  private final TreeMap<String, Integer> seen = new TreeMap<>();

  void saw(String what) {
    seen.merge(what, 1, Integer::sum);
  }

  int count(String what) {
    return seen.getOrDefault(what, 0);
  }

  /// @return those of which nothing was seen
  List<String> missing(List<String> wanted) {
    return wanted.stream().filter(what -> count(what) == 0).toList();
  }

  Map<String, Integer> all() {
    return seen;
  }

  @Override
  public String toString() {
    return seen.toString();
  }
}
