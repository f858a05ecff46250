package dev.tenon.handover;

import dev.tenon.slot.SlotName;

/// What the configuration asks of one slot.
///
/// @param name the slot
/// @param terms what is asked
/// @param limits bounds and deadlines
public record SlotWish(SlotName name, Terms terms, SlotLimits limits) {
  /// A slot of which nothing but a provider is asked.
  ///
  /// @param name the slot
  /// @param provider short name, or empty for any
  /// @param limits bounds and deadlines
  public SlotWish(SlotName name, String provider, SlotLimits limits) {
    this(name, Terms.of(provider), limits);
  }
}
