package dev.tenon.handover;

import dev.tenon.slot.SlotName;

/// What the configuration asks of one slot.
///
/// @param name the slot
/// @param provider short name, or empty for any
/// @param pinned whether the provider that serves stays, whatever is wished for
/// @param limits bounds and deadlines
public record SlotWish(SlotName name, String provider, boolean pinned, SlotLimits limits) {
  /// A slot that is not pinned.
  ///
  /// @param name the slot
  /// @param provider short name, or empty for any
  /// @param limits bounds and deadlines
  public SlotWish(SlotName name, String provider, SlotLimits limits) {
    this(name, provider, false, limits);
  }
}
