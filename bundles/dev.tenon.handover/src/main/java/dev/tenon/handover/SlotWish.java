package dev.tenon.handover;

import dev.tenon.slot.SlotName;
import java.util.List;

/// What the configuration asks of one slot.
///
/// @param name the slot
/// @param terms what is asked
/// @param limits bounds and deadlines
/// @param beneath the slots on which it stands, of the same node
public record SlotWish(SlotName name, Terms terms, SlotLimits limits, List<SlotName> beneath) {
  /// Copies the list.
  public SlotWish {
    beneath = List.copyOf(beneath);
  }

  /// A slot that stands on none.
  ///
  /// @param name the slot
  /// @param terms what is asked
  /// @param limits bounds and deadlines
  public SlotWish(SlotName name, Terms terms, SlotLimits limits) {
    this(name, terms, limits, List.of());
  }

  /// A slot of which nothing but a provider is asked.
  ///
  /// @param name the slot
  /// @param provider short name, or empty for any
  /// @param limits bounds and deadlines
  public SlotWish(SlotName name, String provider, SlotLimits limits) {
    this(name, Terms.of(provider), limits);
  }
}
