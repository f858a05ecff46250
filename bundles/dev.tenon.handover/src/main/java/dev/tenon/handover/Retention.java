package dev.tenon.handover;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;

/// Locations that were handed over from, or moved aside at some start: kept for a while, at most
/// [SwapLimits#RETAINED_MAX] of them. The conductor's.
final class Retention {
  private record Kept(String location, long sinceNs) {}

  private final long retentionMs;
  private final Consumer<String> delete;
  /// The oldest first.
  private final ArrayDeque<Kept> kept = new ArrayDeque<>();

  /// @param retentionMs how long each is kept
  /// @param delete deletes a location, at some time
  Retention(long retentionMs, Consumer<String> delete) {
    this.retentionMs = retentionMs;
    this.delete = delete;
  }

  void keep(List<String> locations, long nowNs) {
    locations.forEach(location -> kept.add(new Kept(location, nowNs)));
    forget(nowNs);
  }

  /// Deletes what was kept for long enough.
  void forget(long nowNs) {
    while (!kept.isEmpty()
        && (kept.size() > SwapLimits.RETAINED_MAX || nowNs - kept.getFirst().sinceNs() > retentionMs * 1_000_000)) {
      delete.accept(kept.removeFirst().location());
    }
  }
}
