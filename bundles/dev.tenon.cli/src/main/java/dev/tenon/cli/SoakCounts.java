package dev.tenon.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What was swapped over all processes of a soak. Any thread.
final class SoakCounts {
  /// What is swapped of a node.
  enum Role {
    JOURNAL, SCHEME;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How it is asked for.
  enum Way {
    PLAIN, EVICT, ROLLBACK,
    /// It is given up at once, or handed back where it is too late for that.
    CANCEL
  }

  private final Map<Role, List<Double>> pausesMs = new EnumMap<>(Role.class);
  private final Map<Role, Integer> failed = new EnumMap<>(Role.class);
  private final Map<Way, Integer> ways = new EnumMap<>(Way.class);
  private int tooLate;

  SoakCounts() {
    for (Role role : Role.values()) pausesMs.put(role, new ArrayList<>());
  }

  /// Somebody else serves. Where that was to be given up, it was too late.
  synchronized void swapped(Role role, Way way, double pauseMs) {
    pausesMs.getOrDefault(role, new ArrayList<>()).add(pauseMs);
    if (way == Way.CANCEL) {
      tooLate++;
    } else {
      ways.merge(way, 1, Integer::sum);
    }
  }

  /// Who served serves.
  synchronized void cancelled() {
    ways.merge(Way.CANCEL, 1, Integer::sum);
  }

  /// It is tried again by itself.
  synchronized void failed(Role role) {
    failed.merge(role, 1, Integer::sum);
  }

  synchronized int swaps() {
    return pausesMs.values().stream().mapToInt(List::size).sum();
  }

  synchronized List<Double> pausesMs(Role role) {
    return pausesMs.getOrDefault(role, List.of()).stream().sorted().toList();
  }

  /// @return lines of the report
  synchronized String told() {
    Map<Role, Integer> done = new EnumMap<>(Role.class);
    pausesMs.forEach((role, pauses) -> done.put(role, pauses.size()));
    return String.format(Locale.ROOT, "swaps        %s, given up and tried again %s%n", byRole(done), byRole(failed))
        + String.format(Locale.ROOT, "asked for    %d rollbacks, %d evictions, %d cancels and %d that came too late%n",
            count(Way.ROLLBACK), count(Way.EVICT), count(Way.CANCEL), tooLate);
  }

  private int count(Way way) {
    return ways.getOrDefault(way, 0);
  }

  private static String byRole(Map<Role, Integer> counts) {
    int journals = counts.getOrDefault(Role.JOURNAL, 0);
    int schemes = counts.getOrDefault(Role.SCHEME, 0);
    return String.format(Locale.ROOT, "%d (%d journal, %d scheme)", journals + schemes, journals, schemes);
  }
}
