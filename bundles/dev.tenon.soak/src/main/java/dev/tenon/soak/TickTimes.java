package dev.tenon.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// How long a writer's commits took, each from when it was due: while commits are late none is begun, and each of those
/// that were withheld waits as well. Who times only what was begun has a few figures of a long stall, and hides it
/// among the many of quiet times. Only what was due in a slice is told, but all of that, whenever it ends. Any thread.
final class TickTimes {
  /// So many at most of one slice; it is a matter of seconds.
  private static final int KEPT_MAX = 1 << 20;

  private final long everyNs;
  private boolean ticking;
  private long dueNs;
  private boolean slicing;
  /// Due, and not part of a commit yet.
  private final List<Long> owed = new ArrayList<>();
  /// Due, and not acknowledged yet.
  private final TreeSet<Long> open = new TreeSet<>();
  private final List<Long> tookNs = new ArrayList<>();

  /// @param everyNs between two ticks
  TickTimes(long everyNs) {
    this.everyNs = everyNs;
  }

  /// What is due from now on is told.
  synchronized void begin() {
    slicing = true;
    owed.clear();
    open.clear();
    tookNs.clear();
  }

  /// What is due from now on is not.
  synchronized void end() {
    slicing = false;
  }

  /// A tick comes. Where it is late by more than the time between two, it stands for those in between too.
  synchronized void due(long nowNs) {
    long first = ticking && dueNs - nowNs < 0 ? dueNs : nowNs;
    for (long next = first; next - nowNs <= 0; next += everyNs) {
      if (slicing && open.size() + tookNs.size() < KEPT_MAX) {
        open.add(next);
        owed.add(next);
      }
    }
    ticking = true;
    dueNs = nowNs + everyNs; // as the timer counts
  }

  /// A commit begins.
  ///
  /// @return when that was due which it does
  synchronized List<Long> begun() {
    List<Long> all = List.copyOf(owed);
    owed.clear();
    return all;
  }

  /// It is acknowledged.
  synchronized void ended(List<Long> dues, long nowNs) {
    dues.stream().filter(open::remove).forEach(due -> tookNs.add(nowNs - due));
  }

  /// It has come to nothing: another one has to do it.
  synchronized void failed(List<Long> dues) {
    dues.stream().filter(open::contains).forEach(owed::add);
  }

  /// How many of the slice have not ended, and what the others took in nanoseconds, with spaces between.
  synchronized String told() {
    String took = tookNs.stream().map(ns -> Long.toString(ns)).collect(Collectors.joining(" "));
    return (open.size() + " " + took).strip();
  }
}
