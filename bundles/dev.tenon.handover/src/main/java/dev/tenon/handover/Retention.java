package dev.tenon.handover;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Locations that were handed over from, or moved aside: kept for a while after the slot has come to serve, at most
/// [SwapLimits#retainedMax] of them. While it does not serve nothing goes: an operator may need it. The conductor's.
final class Retention {
  private record Kept(String location, long sinceNs) {
    /// The generation that made it.
    long number() {
      String name = location.substring(location.lastIndexOf('/') + 1);
      int dot = name.indexOf('.');
      return Long.parseLong(dot < 0 ? name : name.substring(0, dot));
    }

    boolean isAside() { return location.indexOf('.', location.lastIndexOf('/')) > 0; }
  }

  /// What was moved aside was never in charge: it goes first. Then the oldest, which is not the first as text.
  private static final Comparator<Kept> ORDER =
      Comparator.comparing((Kept kept) -> !kept.isAside()).thenComparing(Kept::number).thenComparing(Kept::location);

  private final Supplier<SwapLimits> limits;
  private final Consumer<String> delete;
  /// The next to go first.
  private final List<Kept> kept = new ArrayList<>();

  /// @param limits how long each is kept, and how many
  /// @param delete deletes a location, at some time
  Retention(Supplier<SwapLimits> limits, Consumer<String> delete) {
    this.limits = limits;
    this.delete = delete;
  }

  void keep(List<String> locations, long nowNs) {
    locations.forEach(this::remove); // one whose deletion was called off is here still
    locations.forEach(location -> kept.add(new Kept(location, nowNs)));
    kept.sort(ORDER);
  }

  /// The slot has come to serve: from here on it counts.
  void serves(long nowNs) {
    kept.replaceAll(each -> new Kept(each.location(), nowNs));
  }

  /// Deletes what was kept for long enough. Only while the slot serves.
  ///
  /// @return whether there was any
  boolean forget(long nowNs) {
    int before = kept.size();
    while (kept.size() > limits.get().retainedMax()) {
      delete.accept(kept.removeFirst().location());
    }
    kept.removeIf(each -> {
      boolean old = nowNs - each.sinceNs() > limits.get().retentionMs() * 1_000_000;
      if (old) {
        delete.accept(each.location());
      }
      return old;
    });
    return kept.size() < before;
  }

  /// It is not there any more.
  void remove(String location) {
    kept.removeIf(each -> each.location().equals(location));
  }

  /// The next to go first.
  List<String> locations() {
    return kept.stream().map(Kept::location).toList();
  }
}
