package dev.tenon.runtime.role;

import dev.tenon.runtime.Clock;
import dev.tenon.runtime.metrics.Metrics;
import dev.tenon.runtime.storage.Storage;

/// What a provider's instance gets. Everything in it ends with the instance.
///
/// @param slot the full name, `<node>/<role>/<use>`
/// @param location where the data lie, relative to the node's folder
/// @param generation above 0; grows with every commit of the slot
/// @param storage scoped to the location, revoked when the instance has ended
/// @param clock time on the instance's strand
/// @param metrics of the instance: the series that it makes here end with it, and with the last of the instances of the
///     slot that make the same; while two live, a gauge shows what the one that was opened first says
/// @param byteBudget how many bytes the instance may hold in buffers and caches
/// @param beneath the slots on which this one stands
public record OpenContext(String slot, String location, long generation, Storage storage, Clock clock, Metrics metrics,
    long byteBudget, Beneath beneath) {
  /// Of a slot that stands on none.
  ///
  /// @param slot as above
  /// @param location as above
  /// @param generation as above
  /// @param storage as above
  /// @param clock as above
  /// @param metrics as above
  /// @param byteBudget as above
  public OpenContext(String slot, String location, long generation, Storage storage, Clock clock, Metrics metrics,
      long byteBudget) {
    this(slot, location, generation, storage, clock, metrics, byteBudget, Beneath.NONE);
  }
}
